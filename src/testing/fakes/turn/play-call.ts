import { isJsonObject, parseJson, type JsonObject } from "../../../internal/json.js";
import { askApproval, playCommand } from "./play-command.js";
import type { CustomToolCallItem, FunctionCallItem } from "../../script/model-items.js";
import { patchChanges, turnDiff } from "./patch-changes.js";
import { playDynamicTool, playMcpTool } from "./play-tool.js";
import type { CallingTurn, PlannedCall } from "./calling-turn.js";

/** Plays a call as codex would run it, with the outcome that the script declares, and tells the model its output. */
export async function playCall(item: FunctionCallItem | CustomToolCallItem, turn: CallingTurn): Promise<void> {
  const callId = item.callId ?? turn.writer.port.nextId("call");
  const planned = { callId, outcome: item.outcome ?? {} };
  const output = await runCall(item, planned, turn);
  if (!turn.signal.aborted) turn.writer.rememberOutput(callId, output);
}

async function runCall(
  item: FunctionCallItem | CustomToolCallItem,
  planned: PlannedCall,
  turn: CallingTurn,
): Promise<string> {
  if (item.type === "customToolCall") {
    if (item.name === "apply_patch") return await playPatch(item.input, planned, turn);
    return planned.outcome.output ?? "";
  }
  const args = parseJson(item.arguments);
  const key = item.namespace === undefined ? item.name : `${item.namespace}/${item.name}`;
  const isDynamic = turn.writer.thread.tools.has(key);
  if (args !== undefined && isDynamic) return await playDynamicTool(item, { ...planned, args }, turn);
  if (!isJsonObject(args)) return "failed to parse function arguments";
  if (item.name === "exec_command" && item.namespace === undefined) return await playCommand(args, planned, turn);
  if (item.namespace?.startsWith("mcp__") === true) return await playMcpTool(item, { ...planned, args }, turn);
  return planned.outcome.output ?? `unsupported call: ${item.name}`;
}

async function playPatch(patch: string, { callId, outcome }: PlannedCall, turn: CallingTurn): Promise<string> {
  const { writer } = turn;
  const { cwd, sandbox, approvalPolicy } = writer.thread.settings;
  const isReadOnly = sandbox.type === "readOnly";
  if (isReadOnly && approvalPolicy === "never") {
    return "patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings";
  }
  const changes = patchChanges(patch, cwd);
  writer.start({ type: "fileChange", id: callId, changes, status: "inProgress" });
  if (approvalPolicy === "untrusted" || isReadOnly) {
    const params: JsonObject = { itemId: callId, startedAtMs: Date.now(), reason: null, grantRoot: null };
    const decision = await askApproval("item/fileChange/requestApproval", params, turn);
    if (turn.signal.aborted) return "";
    if (decision !== "accept") {
      const status = decision === "decline" ? "declined" : "failed";
      writer.complete({ type: "fileChange", id: callId, changes, status });
      return decision === "decline" ? "patch rejected by user" : "approval request failed";
    }
  }
  await outcome.hold?.wait(turn.signal);
  if (turn.signal.aborted) return "";
  const status = outcome.status ?? "completed";
  writer.complete({ type: "fileChange", id: callId, changes, status });
  if (status === "completed") writer.port.notify("turn/diff/updated", { ...writer.ids, diff: turnDiff(changes) });
  return outcome.output ?? (status === "completed" ? "Success. Updated the files." : "Failed to apply the patch.");
}
