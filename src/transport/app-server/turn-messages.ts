import { ProtocolError } from "../../errors/protocol-error.js";
import { isJsonObject } from "../../internal/json.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { ThreadNotFoundError } from "../launch/codex-errors.js";
import type { TurnMessage } from "../transport.js";
import { setTimeout as delay } from "node:timers/promises";
import { withDeadline } from "../../internal/with-deadline.js";

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

/** How long the answer to `turn/start` and the turn's first event may lie apart, in milliseconds; they come together. */
const apartMs = 1_000;

/**
 * The turn's id by the answer to `turn/start`, or by the turn's own first event where that answer is lost or cannot be
 * read. The answer counts more: a thread has turns that nobody started by a request, a compaction for one. A refusal
 * decides, too: then there is no turn.
 */
export async function learnTurnId(answer: Promise<string>, turnStarted: Promise<string>): Promise<string> {
  const answered = new AbortController();
  const settled = (): void => answered.abort();
  answer.then(settled, settled);
  const byEvent = turnStarted.then(async (id) => {
    await delay(apartMs, undefined, { signal: answered.signal });
    return id;
  });
  try {
    return await Promise.race([answer, byEvent.catch(() => answer)]);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return await withDeadline(turnStarted, { timeoutMs: apartMs, onTimeout: () => error });
  }
}
