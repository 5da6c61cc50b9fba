import { CodexError } from "../errors/codex-error.js";
import { ThreadNotSavedError } from "../errors/thread-not-saved-error.js";
import { isJsonObject } from "../internal/json.js";
import type { StoredTurn, ThreadConnection } from "../transport/transport.js";
import type { TurnSummary } from "./turn/reduce-turn.js";
import { unsavedCode } from "./turn/turn-warnings.js";

/** The last turn of a thread that codex could not save. Plain data. */
export interface UnsavedTurn {
  /** Null on exec, which has no turn ids. */
  readonly turnId: string | null;
  /** The earliest time at which codex may have started the turn, in milliseconds since 1970. */
  readonly startedAt: number;
  /** The reason, in codex's words. */
  readonly message: string;
}

/**
 * Notes the last turn that codex could not save. Codex keeps such a turn in its memory and tries again to save it with the
 * next one. If codex ends before that, the turn is lost, and the handle does not continue without it.
 */
export class ThreadStorage {
  #unsaved: UnsavedTurn | null;
  #lost = false;
  #startedAt = 0;

  constructor(unsaved: UnsavedTurn | null = null) {
    this.#unsaved = unsaved;
  }

  /** The turn that would be lost if codex ended now; null if there is none. */
  get unsaved(): UnsavedTurn | null {
    return this.#unsaved;
  }

  /** Called before each turn. Throws a `ThreadNotSavedError` if codex has lost a turn. */
  async check(
    connection: Pick<ThreadConnection, "isLoaded" | "history">,
    threadId: string | null,
    signal?: AbortSignal,
  ): Promise<void> {
    const unsaved = this.#unsaved;
    this.#startedAt = Date.now();
    if (unsaved === null) return;
    if (!this.#lost) {
      if ((await connection.isLoaded?.(signal)) === true) return;
      const stored = await connection.history?.(signal).catch(withoutThread);
      this.#lost = stored?.some((turn) => isSaved(turn, unsaved)) !== true;
      if (!this.#lost) this.#unsaved = null;
    }
    if (this.#lost) throw new ThreadNotSavedError(unsaved.message, { threadId, turnId: unsaved.turnId });
  }

  /** Records the end of a turn. With a later turn codex saves the earlier ones, too. */
  record({ warnings, status, turnId }: TurnSummary): void {
    const warning = warnings.find(({ code }) => code === unsavedCode);
    if (warning !== undefined) this.#unsaved = { turnId, startedAt: this.#startedAt, message: warning.message };
    else if (status !== "inProgress") this.#unsaved = null;
  }
}

/** Returns the unsaved turn of a stored state; null if the state has none. */
export function readUnsavedTurn(value: unknown): UnsavedTurn | null {
  if (!isJsonObject(value)) return null;
  const { turnId = null, startedAt, message } = value;
  if (turnId !== null && typeof turnId !== "string") return null;
  return typeof startedAt === "number" && typeof message === "string" ? { turnId, startedAt, message } : null;
}

function isSaved({ turnId, startedAt, status }: StoredTurn, unsaved: UnsavedTurn): boolean {
  if (status === "inProgress") return false;
  return unsaved.turnId === null ? startedAt >= unsaved.startedAt : turnId === unsaved.turnId;
}

/** Codex has not even saved the beginning of the thread. */
function withoutThread(error: unknown): null {
  if (CodexError.isInstance(error) && error.code === "THREAD_NOT_FOUND") return null;
  throw error;
}
