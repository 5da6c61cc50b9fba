import { isJsonObject, parseJson } from "../../../internal/json.js";
import type { CustomToolCallItem, FunctionCallItem } from "../../script/model-items.js";
import type { CallingTurn, PlannedCall } from "./calling-turn.js";
import { playCommand } from "./play-command.js";
import { playPatch } from "./play-patch.js";
import { playDynamicTool, playMcpTool } from "./play-tool.js";

/** Plays a call like codex, with the outcome that the script declares, and adds its output to the thread's history. */
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
