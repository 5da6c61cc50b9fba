import type { CodexError } from "../../../src/errors/codex-error.js";
import type { ToolCompletedEvent, ToolStartedEvent } from "../../../src/protocol/index.js";
import { callTool } from "../../../src/tools/call/call-tool.js";
import type { AnyTool } from "../../../src/tools/tool.js";
import type { ToolCall } from "../../../src/tools/call/tool-call.js";
import type { ToolRegistry } from "../../../src/tools/tool-registry.js";
import { createToolSet } from "../../../src/tools/tool-set.js";
import type { ToolCallHost } from "../../../src/tools/call/running-call.js";

/** A host of calls that keeps what it is told. */
export function openHost(tools: ToolRegistry | readonly AnyTool[], more: Partial<ToolCallHost> = {}) {
  const events: (ToolStartedEvent | ToolCompletedEvent)[] = [];
  const stops: CodexError[] = [];
  const logs: string[] = [];
  const ending = new AbortController();
  const log = (message: string): void => void logs.push(message);
  const host: ToolCallHost = {
    tools: createToolSet([tools]),
    context: { user: "ada" },
    attempt: 1,
    logger: { debug: log, info: log, warn: log, error: log },
    signal: ending.signal,
    emit: (event) => void events.push(event),
    stop: (error) => void stops.push(error),
    ...more,
  };
  const call = (tool: string, args: ToolCall["arguments"] = {}, namespace: string | null = null) =>
    callTool({ threadId: "t", turnId: "u", callId: `c-${tool}`, namespace, tool, arguments: args }, host);
  return { host, call, events, stops, logs, ending };
}

export type OpenHost = ReturnType<typeof openHost>;

export function lastOf({ events }: OpenHost): ToolCompletedEvent | undefined {
  return events.filter((event) => event.type === "codexkit.tool.completed").at(-1);
}

/** What the model is told of text. */
export function textOf(result: Awaited<ReturnType<typeof callTool>>): string {
  return result.contentItems.map(({ text }) => (typeof text === "string" ? text : "(an image)")).join("\n");
}
