import { createDeferred, type Deferred } from "../../internal/deferred.js";
import { withDeadline } from "../../internal/with-deadline.js";
import type { StickySettings } from "./turn-settings.js";

/** What unloading a thread needs of the process that has it. Both may reject where the process does not answer. */
export interface ThreadUnloader {
  /** Whether commands of the thread run on in the background. */
  isAtWork(threadId: string): Promise<boolean>;
  /** Asks the process to let the thread go. */
  unsubscribe(threadId: string): Promise<unknown>;
}

interface LoadedEntry {
  users: number;
  /** What held when the process loaded the thread, before any turn. */
  readonly baseline: StickySettings;
  /** What the process has in force for the thread, whichever of its handles has set it. */
  inForce: StickySettings;
  /** It is on disk, so that it can be resumed. */
  stored: boolean;
  /** Where the process finds tools beside those it keeps with the thread: what it was loaded with holds, whoever asks. */
  readonly endpoint: object | null;
}

export interface AddedThread {
  readonly stored: boolean;
  readonly inForce: StickySettings;
  readonly endpoint?: object | null;
}

/** Idle threads that stay loaded, so that their next turn starts at once. Each takes about 1.5 MB of codex. */
const idleBounds = { first: 32, last: 128 } as const;
/** How many threads that were let go are remembered, to see which of them come back. */
const maxRemembered = 1_000;
/** How long codex may take to close a thread that was let go, in milliseconds; it takes about six. */
const closeTimeoutMs = 2_000;

/**
 * The threads that one app-server process has loaded for us. Of those that are idle the ones used last stay loaded; the
 * others are let go, and whoever uses one again resumes it first. With each that comes back one more may stay: a
 * program that uses its many threads in turn resumes each of them once, not every time. A thread that could not be
 * resumed stays: an ephemeral one, and one whose first turn is still to come. So does one whose commands run on.
 */
export class LoadedThreads {
  readonly #unloader: ThreadUnloader;
  readonly #lastBound: number;
  #bound: number;
  /** The one used last is the last. */
  readonly #entries = new Map<string, LoadedEntry>();
  /** How many handles are about to use a thread, which may have to be resumed for it. */
  readonly #arriving = new Map<string, number>();
  readonly #unloading = new Map<string, Promise<void>>();
  readonly #closed = new Map<string, Deferred<undefined>>();
  readonly #letGo = new Set<string>();
  #trimming = false;

  constructor(unloader: ThreadUnloader, bounds: { readonly first: number; readonly last: number } = idleBounds) {
    this.#unloader = unloader;
    this.#bound = bounds.first;
    this.#lastBound = bounds.last;
  }

  /** Whether the process has the thread loaded and tells us of it. */
  has(threadId: string): boolean {
    return this.#entries.has(threadId);
  }

  add(threadId: string, { stored, inForce, endpoint = null }: AddedThread): void {
    if (this.#letGo.delete(threadId)) this.#bound = Math.min(this.#bound + 1, this.#lastBound);
    const known = this.#entries.get(threadId);
    if (known === undefined) this.#entries.set(threadId, { users: 0, stored, baseline: inForce, inForce, endpoint });
    else {
      known.stored ||= stored;
      known.inForce = inForce;
    }
  }

  /** From now on the thread is not let go, until the function that this gives is called. */
  arrive(threadId: string): () => void {
    this.#arriving.set(threadId, (this.#arriving.get(threadId) ?? 0) + 1);
    return () => {
      const others = (this.#arriving.get(threadId) ?? 1) - 1;
      if (others > 0) this.#arriving.set(threadId, others);
      else this.#arriving.delete(threadId);
    };
  }

  /** What held before any turn of the thread that is loaded; null where it is not. */
  baseline(threadId: string): StickySettings | null {
    return this.#entries.get(threadId)?.baseline ?? null;
  }

  /** What the thread was loaded with; null for nothing, and where it is not loaded. */
  endpoint(threadId: string): object | null {
    return this.#entries.get(threadId)?.endpoint ?? null;
  }

  /** What is in force for the thread; null where it is loaded no more. */
  inForce(threadId: string): StickySettings | null {
    return this.#entries.get(threadId)?.inForce ?? null;
  }

  /** A turn has set this for good. */
  setInForce(threadId: string, inForce: StickySettings): void {
    const entry = this.#entries.get(threadId);
    if (entry !== undefined) entry.inForce = inForce;
  }

  /** Keeps the thread loaded until the function it gives is called. Null where it is loaded no more. */
  use(threadId: string): ((end: { readonly stored: boolean }) => void) | null {
    const entry = this.#entries.get(threadId);
    if (entry === undefined) return null;
    entry.users += 1;
    return ({ stored }) => {
      entry.users -= 1;
      entry.stored ||= stored;
      if (this.#entries.get(threadId) !== entry) return;
      this.#entries.delete(threadId);
      this.#entries.set(threadId, entry);
      void this.#trim();
    };
  }

  /** Lets the thread go, unless somebody uses it or is about to; with `lost` only one that nobody could resume. */
  async drop(threadId: string, { lost = false }: { readonly lost?: boolean } = {}): Promise<void> {
    const entry = this.#entries.get(threadId);
    if (entry === undefined) await this.settled(threadId);
    else if (this.#isIdle(threadId, entry) && !(lost && entry.stored)) {
      await this.#unload(threadId, entry, { always: true });
    }
  }

  /**
   * Lets the thread go so that whoever asks can resume it otherwise; that one has arrived. False where a turn has it,
   * where it could not be resumed, and, but with `always`, where its commands run on, which would end.
   */
  async release(threadId: string, { always }: { readonly always: boolean }): Promise<boolean> {
    await this.settled(threadId);
    const entry = this.#entries.get(threadId);
    if (entry === undefined) return true;
    if (entry.users > 0 || !entry.stored) return false;
    await this.#unload(threadId, entry, { always });
    return !this.#entries.has(threadId);
  }

  /** Resolves when the thread is not being let go, or not any more. */
  async settled(threadId: string): Promise<void> {
    await this.#unloading.get(threadId);
  }

  /** Codex says that it has closed the thread. */
  closed(threadId: string): void {
    this.#entries.delete(threadId);
    this.#closed.get(threadId)?.resolve(undefined);
  }

  /** One at a time, however many threads become idle. */
  async #trim(): Promise<void> {
    if (this.#trimming) return;
    this.#trimming = true;
    const tried = new Set<string>();
    for (let next = this.#tooMany(tried); next !== null; next = this.#tooMany(tried)) {
      const [threadId, entry] = next;
      tried.add(threadId);
      await this.#unload(threadId, entry, { always: false });
      if (!this.#entries.has(threadId)) this.#remember(threadId);
    }
    this.#trimming = false;
  }

  #remember(threadId: string): void {
    this.#letGo.add(threadId);
    for (const oldest of this.#letGo) {
      if (this.#letGo.size <= maxRemembered) break;
      this.#letGo.delete(oldest);
    }
  }

  /** The thread that was used longest ago, where more than enough are idle. */
  #tooMany(tried: ReadonlySet<string>): readonly [string, LoadedEntry] | null {
    const idle = [...this.#entries].filter(([threadId, entry]) => entry.stored && this.#isIdle(threadId, entry));
    if (idle.length <= this.#bound) return null;
    return idle.find(([threadId]) => !tried.has(threadId)) ?? null;
  }

  #isIdle(threadId: string, { users }: LoadedEntry): boolean {
    return users === 0 && !this.#arriving.has(threadId);
  }

  /** From the first moment on the thread counts as not loaded: who wants it waits for the end of this, and resumes it. */
  #unload(threadId: string, entry: LoadedEntry, { always }: { readonly always: boolean }): Promise<void> {
    this.#entries.delete(threadId);
    const work = this.#askToLeave(threadId, always)
      .then((gone) => {
        if (!gone) this.#entries.set(threadId, entry);
      })
      .finally(() => {
        this.#unloading.delete(threadId);
        this.#closed.delete(threadId);
      });
    this.#unloading.set(threadId, work);
    return work;
  }

  async #askToLeave(threadId: string, always: boolean): Promise<boolean> {
    const closed = createDeferred<undefined>();
    this.#closed.set(threadId, closed);
    try {
      // Where that cannot be told it stays, and is asked again another time.
      if (!always && (await this.#unloader.isAtWork(threadId).catch(() => true))) return false;
      await this.#unloader.unsubscribe(threadId);
      await withDeadline(closed.promise, { timeoutMs: closeTimeoutMs, onTimeout: () => new Error("not closed") });
    } catch {
      // A process that does not answer has other troubles; the thread is resumed before it is used again in any case.
    }
    return true;
  }
}
