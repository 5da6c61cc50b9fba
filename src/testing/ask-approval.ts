import { isJsonObject, type JsonObject } from "../internal/json.js";
import { settledOrAborted } from "./hold.js";
import type { CallingTurn } from "./play-call.js";

/**
 * Asks the client for an approval with all that codex sends around it. `cancel` and an answer that came too late have
 * interrupted the turn; an answer that codex does not know is `failed`.
 */
export async function askApproval(
  method: "item/commandExecution/requestApproval" | "item/fileChange/requestApproval",
  params: JsonObject,
  turn: CallingTurn,
): Promise<"accept" | "decline" | "cancel" | "failed"> {
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

function readDecision(answer: JsonObject): "accept" | "decline" | "cancel" | "failed" {
  const result = answer["result"];
  const decision = isJsonObject(result) ? result["decision"] : undefined;
  if (decision === "accept" || decision === "acceptForSession" || isJsonObject(decision)) return "accept";
  return decision === "decline" || decision === "cancel" ? decision : "failed";
}
