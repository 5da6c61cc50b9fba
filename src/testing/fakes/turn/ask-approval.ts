import { asObject, isJsonObject, type JsonObject } from "../../../internal/json.js";
import { settledOrAborted } from "../../script/hold.js";
import type { CallingTurn } from "./calling-turn.js";

/** `failed` is an answer that codex does not know. */
export type ApprovalAnswer = "accept" | "decline" | "cancel" | "failed";

/**
 * Sends an approval request to the client, with the notifications that codex sends before and after it. The answer
 * `cancel` interrupts the turn. If the turn is interrupted first, the result is `cancel` too.
 */
export async function askApproval(
  method: "item/commandExecution/requestApproval" | "item/fileChange/requestApproval",
  params: JsonObject,
  turn: CallingTurn,
): Promise<ApprovalAnswer> {
  const { writer } = turn;
  writer.status({ type: "active", activeFlags: ["waitingOnApproval"] });
  const { id, answer } = writer.port.request(method, { ...writer.ids, ...params });
  await settledOrAborted(answer, turn.signal);
  if (turn.signal.aborted) return "cancel";
  const decision = readDecision(await answer);
  writer.port.notify("serverRequest/resolved", { threadId: writer.thread.id, requestId: id });
  writer.status({ type: "active", activeFlags: [] });
  if (decision === "cancel") turn.interrupt();
  return decision;
}

function readDecision(answer: JsonObject): ApprovalAnswer {
  const { decision } = asObject(answer["result"]);
  if (decision === "accept" || decision === "acceptForSession" || isJsonObject(decision)) return "accept";
  return decision === "decline" || decision === "cancel" ? decision : "failed";
}
