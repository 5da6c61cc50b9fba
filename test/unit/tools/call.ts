import type { CodexError } from "../../../src/errors/codex-error.js";
import type { ToolCompletedEvent, ToolStartedEvent } from "../../../src/protocol/index.js";
import { callTool } from "../../../src/tools/call/call-tool.js";
import type { AnyTool } from "../../../src/tools/tool.js";
import type { ToolCall } from "../../../src/tools/call/tool-call.js";
import type { ToolRegistry } from "../../../src/tools/tool-registry.js";
import { createToolSet } from "../../../src/tools/tool-set.js";
import type { CallTurn } from "../../../src/tools/call/running-call.js";

/** A turn that makes calls and records their events, log entries and stops. */
export function openTurn(tools: ToolRegistry | readonly AnyTool[], more: Partial<CallTurn> = {}) {
  const events: (ToolStartedEvent | ToolCompletedEvent)[] = [];
  const stops: CodexError[] = [];
  const logs: string[] = [];
  const ending = new AbortController();
  const log = (message: string): void => void logs.push(message);
  const turn: CallTurn = {
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
    callTool({ threadId: "t", turnId: "u", callId: `c-${tool}`, namespace, tool, arguments: args }, turn);
  return { turn, call, events, stops, logs, ending };
}

export type OpenTurn = ReturnType<typeof openTurn>;

export function lastOf({ events }: OpenTurn): ToolCompletedEvent | undefined {
  return events.filter((event) => event.type === "codexkit.tool.completed").at(-1);
}

/** Returns the text that the model receives. */
export function textOf(result: Awaited<ReturnType<typeof callTool>>): string {
  return result.contentItems.map(({ text }) => (typeof text === "string" ? text : "(an image)")).join("\n");
}
