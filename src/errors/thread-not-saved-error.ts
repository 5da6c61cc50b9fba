import { CodexError } from "./codex-error.js";

/**
 * Codex could not save a turn of the thread and has lost it, so the thread would continue without that turn. `turnId` is its
 * id; null on exec. `codex.resumeThread(error.threadId)` continues with the turns that codex has saved.
 */
export class ThreadNotSavedError extends CodexError {
  override name = "ThreadNotSavedError";
  constructor(
    reason: string,
    ids: { readonly threadId: string | null; readonly turnId: string | null },
    options: { readonly cause?: unknown } = {},
  ) {
    const turn = ids.turnId === null ? "The last turn" : `The turn ${ids.turnId}`;
    super(
      "THREAD_NOT_SAVED",
      `${turn} of the thread ${ids.threadId ?? ""} is lost, because codex could not save it (${reason}). ` +
        "Resume the thread by its id, not by its state or handle, to continue without the turn.",
      { ...ids, ...options, retryable: false },
    );
  }
}
