import { setTimeout as delay } from "node:timers/promises";
import { ProtocolError } from "../../errors/protocol-error.js";
import { withDeadline } from "../../internal/with-deadline.js";

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
