import { createDeferred } from "../../internal/deferred.js";
import { type JsonValue, isJsonObject, parseJson, isPlainObject } from "../../internal/json.js";
import { onAbort } from "../../internal/abort/on-abort.js";
import { type AnyTool, partsOf } from "../tool.js";
import type { ServedToolResult } from "../tool-server.js";
import { flatNameOf } from "../tool-key.js";
import type { ToolSet } from "../tool-set.js";
import { createCallClock } from "./call-clock.js";
import { type CallEnd, errorText, failedEnd } from "./call-end.js";
import { invokeTool } from "./invoke-tool.js";
import { prepareCall } from "./prepare-call.js";
import type { CallApproval, CallTurn, RunningCall } from "./running-call.js";
import type { ToolCall } from "./tool-call.js";

/**
 * Calls a host tool and returns its result. It never rejects: every failure becomes text that the model can act on.
 *
 * Emits `codexkit.tool.started` and `codexkit.tool.completed`, once each. If the signal aborts, the latter is emitted
 * synchronously, and a result that arrives later is ignored.
 */
export async function callTool(call: ToolCall, turn: CallTurn): Promise<ServedToolResult> {
  const { threadId, turnId, callId, tool: name, namespace } = call;
  const started = performance.now();
  const tool = turn.tools.find(namespace, name);
  const ids = { threadId, turnId, callId, tool: tool?.name ?? name, namespace: tool?.namespace ?? namespace };
  const ended = createDeferred<ServedToolResult>();
  const end = ({ outcome, message, success, contentItems }: CallEnd): void => {
    if (ended.settled) return;
    ended.resolve({ success, contentItems });
    const ms = Math.round(performance.now() - started);
    if (tool !== null) turn.tools.record(tool, outcome, ms);
    turn.emit({ type: "codexkit.tool.completed", ...ids, outcome, message, ms });
  };
  turn.emit({ type: "codexkit.tool.started", ...ids });
  const stopListening = onAbort(turn.signal, () =>
    end(failedEnd("aborted", "The call was aborted before it finished.")),
  );
  if (!ended.settled) {
    const done = tool === null ? Promise.resolve(unknownTool(name, turn.tools)) : runCall(tool, call, turn);
    done.then(end, (error: unknown) =>
      end(failedEnd("threw", `The call failed: ${errorText(error) ?? "the error has no message"}`)),
    );
  }
  try {
    return await ended.promise;
  } finally {
    stopListening();
  }
}

const maxNames = 30;

function unknownTool(name: string, tools: ToolSet): CallEnd {
  const names = tools.definitions().map((definition) => `\`${flatNameOf(definition)}\``);
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : "";
  const known = names.length === 0 ? "There are none." : `There are ${names.slice(0, maxNames).join(", ")}${more}.`;
  return failedEnd("unknownTool", `There is no tool \`${name}\`. ${known}`);
}

/** Runs the steps in order. A step returns the input of the next one, or the end of the call. */
async function runCall(tool: AnyTool, call: ToolCall, turn: CallTurn): Promise<CallEnd> {
  const { name, namespace, timeoutMs } = tool;
  const { threadId, turnId, callId } = call;
  const { attempt, logger, context } = turn;
  const clock = createCallClock(timeoutMs, turn.signal);
  const { signal } = clock;
  const running: RunningCall = {
    tool,
    parts: partsOf(tool),
    call,
    context: { threadId, turnId, callId, tool: name, namespace, attempt, signal, logger, context },
    turn,
  };
  const late = (): CallEnd =>
    failedEnd("timedOut", `The tool \`${flatNameOf(tool)}\` did not finish within ${timeoutMs ?? 0} ms.`);
  try {
    const prepared = await clock.within(() => prepareCall(running));
    if (prepared === null) return late();
    if (prepared.value.kind === "ended") return prepared.value.end;
    const { args, needsApproval } = prepared.value;
    const declined = needsApproval ? await requestApproval(running, args) : null;
    // The call has ended, so `execute` must not run.
    if (turn.signal.aborted) return failedEnd("aborted", "The call was aborted.");
    if (declined !== null) return declined;
    return (await clock.within(() => invokeTool(running, args)))?.value ?? late();
  } finally {
    clock.close();
  }
}

/** Returns `null` if the call is accepted. Any other answer declines it. */
async function requestApproval({ tool, call, turn }: RunningCall, args: unknown): Promise<CallEnd | null> {
  const { name, namespace } = tool;
  const answer = await approvalOf(turn, { ...call, tool: name, namespace, arguments: toJson(args) ?? call.arguments });
  if (answer.kind === "accepted") return null;
  const reason = typeof answer.reason === "string" && answer.reason !== "" ? `: ${answer.reason}` : ".";
  return failedEnd("declined", `The call of \`${flatNameOf(tool)}\` was declined${reason}`);
}

async function approvalOf(turn: CallTurn, call: ToolCall): Promise<CallApproval> {
  if (turn.approve === undefined)
    return { kind: "declined", reason: "it needs an approval, and the host program has no approval handler" };
  try {
    const answer: unknown = await turn.approve(call);
    if (!isJsonObject(answer)) return { kind: "declined" };
    if (answer["kind"] === "accepted") return { kind: "accepted" };
    return { kind: "declined", reason: typeof answer["reason"] === "string" ? answer["reason"] : null };
  } catch {
    return { kind: "declined", reason: "the approval failed" };
  }
}

/** Returns the arguments as JSON, or `undefined` if JSON cannot represent them: a `Set` would be shown as `{}`. */
function toJson(args: unknown): JsonValue | undefined {
  try {
    return parseJson(JSON.stringify(args, refuseLost));
  } catch {
    return undefined;
  }
}

function refuseLost(_key: string, value: unknown): unknown {
  if (isJsonObject(value) && !isPlainObject(value)) throw new TypeError("not a plain object");
  const lost = typeof value === "number" ? !Number.isFinite(value) : ["function", "symbol"].includes(typeof value);
  if (lost) throw new TypeError("not a JSON value");
  return value;
}
