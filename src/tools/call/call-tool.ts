import { createDeferred } from "../../internal/deferred.js";
import { type JsonValue, isJsonObject, parseJson } from "../../internal/json.js";
import { onAbort } from "../../internal/on-abort.js";
import { type CallEnd, failedEnd, errorText } from "./call-end.js";
import { type AnyTool, partsOf, type ToolParts } from "../tool.js";
import type { ToolCall, ToolCallContext } from "./tool-call.js";
import type { HostedToolResult } from "../tool-host.js";
import { flatNameOf } from "../tool-key.js";
import type { ToolSet } from "../tool-set.js";
import { createCallClock } from "./call-clock.js";
import { invokeTool } from "./invoke-tool.js";
import { prepareCall } from "./prepare-call.js";
import type { ToolCallHost, ToolApproval } from "./running-call.js";

/**
 * Answers a call of one of the host's tools, and never rejects: whatever goes wrong becomes text that the model can act on.
 * Emits one `codexkit.tool.started` and one `codexkit.tool.completed`; the latter synchronously when the signal fires, after
 * which a late result is nothing to anybody.
 */
export async function callTool(call: ToolCall, host: ToolCallHost): Promise<HostedToolResult> {
  const { threadId, turnId, callId, tool: name, namespace } = call;
  const started = performance.now();
  const tool = host.tools.find(namespace, name);
  const told = { threadId, turnId, callId, tool: tool?.name ?? name, namespace: tool?.namespace ?? namespace };
  const ended = createDeferred<HostedToolResult>();
  const end = ({ outcome, message, success, contentItems }: CallEnd): void => {
    if (ended.settled) return;
    ended.resolve({ success, contentItems });
    const ms = performance.now() - started;
    if (tool !== null) host.tools.record(tool, outcome, ms);
    host.emit({ type: "codexkit.tool.completed", ...told, outcome, message, ms });
  };
  host.emit({ type: "codexkit.tool.started", ...told });
  const stopWaiting = onAbort(host.signal, () =>
    end(failedEnd("aborted", "The call was given up before it was done.")),
  );
  if (!ended.settled) {
    const done = tool === null ? Promise.resolve(unknownTool(name, host.tools)) : runCall(tool, call, host);
    done.then(end, (error: unknown) =>
      end(failedEnd("threw", `The call failed: ${errorText(error) ?? "nothing is known of it"}`)),
    );
  }
  try {
    return await ended.promise;
  } finally {
    stopWaiting();
  }
}

const maxNames = 30;

function unknownTool(name: string, tools: ToolSet): CallEnd {
  const names = tools.definitions().map((definition) => `\`${flatNameOf(definition)}\``);
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : "";
  const known = names.length === 0 ? "There are none." : `There are ${names.slice(0, maxNames).join(", ")}${more}.`;
  return failedEnd("unknownTool", `There is no tool \`${name}\`. ${known}`);
}

/** A call on its way through the steps. */
export interface RunningCall {
  readonly tool: AnyTool;
  readonly parts: ToolParts;
  readonly call: ToolCall;
  readonly context: ToolCallContext;
  readonly host: ToolCallHost;
}

/** One step after the other; each gives what the next one needs, or the end of the call. */
export async function runCall(tool: AnyTool, call: ToolCall, host: ToolCallHost): Promise<CallEnd> {
  const { name, namespace, timeoutMs } = tool;
  const { threadId, turnId, callId } = call;
  const { attempt, logger, context: own } = host;
  const clock = createCallClock(timeoutMs, host.signal);
  const context = {
    threadId,
    turnId,
    callId,
    tool: name,
    namespace,
    attempt,
    signal: clock.signal,
    logger,
    context: own,
  };
  const running: RunningCall = { tool, parts: partsOf(tool), call, context, host };
  const late = (): CallEnd =>
    failedEnd("timedOut", `The tool \`${flatNameOf(tool)}\` did not finish within ${timeoutMs ?? 0} ms.`);
  try {
    const prepared = await clock.within(() => prepareCall(running));
    if (prepared === null) return late();
    if (prepared.value.kind === "ended") return prepared.value.end;
    const { args, asks } = prepared.value;
    const declined = asks ? await askApproval(running, args) : null;
    // Where nobody waits any longer nothing may happen; the call has had its last word.
    if (host.signal.aborted) return failedEnd("aborted", "The call was given up.");
    if (declined !== null) return declined;
    return (await clock.within(() => invokeTool(running, args)))?.value ?? late();
  } finally {
    clock.close();
  }
}

/** Null is a yes. Whatever is not a yes is a no. */
async function askApproval({ tool, call, host }: RunningCall, args: unknown): Promise<CallEnd | null> {
  const question = { call, tool, arguments: toJson(args) ?? call.arguments, signal: host.signal };
  const answer = await ask(host, question);
  if (answer.kind === "accepted") return null;
  const reason = typeof answer.reason === "string" && answer.reason !== "" ? `: ${answer.reason}` : ".";
  return failedEnd("declined", `The call of \`${flatNameOf(tool)}\` was declined${reason}`);
}

async function ask(
  host: ToolCallHost,
  question: Parameters<NonNullable<ToolCallHost["approve"]>>[0],
): Promise<ToolApproval> {
  if (host.approve === undefined)
    return { kind: "declined", reason: "it needs an approval, and nobody is there to give one" };
  try {
    const answer: unknown = await host.approve(question);
    if (!isJsonObject(answer)) return { kind: "declined" };
    if (answer["kind"] === "accepted") return { kind: "accepted" };
    return { kind: "declined", reason: typeof answer["reason"] === "string" ? answer["reason"] : null };
  } catch {
    return { kind: "declined", reason: "the approval failed" };
  }
}

/** The arguments as data, or undefined where a transform made something else of them: a `Set` would be shown as `{}`. */
function toJson(args: unknown): JsonValue | undefined {
  try {
    return parseJson(JSON.stringify(args, refuseLost));
  } catch {
    return undefined;
  }
}

function refuseLost(_key: string, value: unknown): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) throw new TypeError("no plain object");
  }
  const lost = typeof value === "number" ? !Number.isFinite(value) : ["function", "symbol"].includes(typeof value);
  if (lost) throw new TypeError("no JSON value");
  return value;
}
