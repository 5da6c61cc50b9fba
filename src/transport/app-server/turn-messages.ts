import { ProtocolError } from "../../errors/protocol-error.js";
import { isJsonObject } from "../../internal/json.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { ThreadNotFoundError } from "../codex-errors.js";
import type { TurnMessage } from "../transport.js";

/** Whether what a thread says concerns this turn of it. */
export function isOfTurn(message: TurnMessage, turnId: string): boolean {
  if (message.kind === "request") return true;
  const { event } = message;
  // The usage of the turn before is what this turn's is counted from: codex tells it when a thread is resumed.
  return event.turnId === null || event.turnId === turnId || event.type === "thread.tokenUsage.updated";
}

export function isStart(message: TurnMessage): boolean {
  return message.kind === "event" && message.event.type === "turn.started";
}

export function isTerminal(message: TurnMessage): boolean {
  return message.kind === "event" && message.event.type === "turn.completed";
}

/** Throws where the turn has come to an end without a terminal event: nothing further would come. */
export function refuseOtherEnds(batch: readonly TurnMessage[], turnId: string): void {
  for (const message of batch) {
    if (message.kind !== "event") continue;
    const { event } = message;
    if (event.type === "codexkit.unknown") refuseUnreadableEnd(event, turnId);
    if (event.type !== "thread.closed") continue;
    throw new ThreadNotFoundError(
      event.threadId,
      "it was closed while its turn ran: archived or deleted by somebody else?",
    );
  }
}

function refuseUnreadableEnd(event: Extract<ThreadEvent, { type: "codexkit.unknown" }>, turnId: string): void {
  const { method, params, problem } = event;
  if (method !== "turn/completed" || !isJsonObject(params) || !isJsonObject(params["turn"])) return;
  if (params["turn"]["id"] === turnId) throw new ProtocolError(`Codex ended the turn unreadably: ${problem ?? ""}`);
}

/** What the caller should know of the thread before its turn, as an event. */
export function toRestartWarning(message: string, threadId: string): TurnMessage {
  const code = "APP_SERVER_RESTARTED";
  return { kind: "event", event: { type: "codexkit.warning", threadId, turnId: null, code, message } };
}
