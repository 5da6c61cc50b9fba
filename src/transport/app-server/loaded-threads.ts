import { createDeferred, type Deferred } from "../../internal/deferred.js";
import { withDeadline } from "../../internal/time/with-deadline.js";
import { allowsMore, type Permissions, type StickySettings } from "./turn-settings.js";

/** The requests that unloading a thread needs. Both may reject if the process does not answer. */
export interface ThreadUnloader {
  /** Whether commands of the thread run in the background. */
  isAtWork(threadId: string): Promise<boolean>;
  /** Asks the process to unload the thread. */
  unsubscribe(threadId: string): Promise<unknown>;
}

interface LoadedEntry {
  users: number;
  /** The settings in force when the process loaded the thread, before any turn. */
  readonly baseline: StickySettings;
  /** The settings in force now, whichever handle has set them. */
  inForce: StickySettings;
  /** The thread is on disk, so that it can be resumed. */
  stored: boolean;
  /** The endpoint of tools that codex does not store with the thread. It stays that of the load, for every handle. */
  readonly endpoint: object | null;
}

interface AgentEntry {
  /** The thread whose turn the agent works for. */
  readonly threadId: string;
  permissions: Permissions;
  closed: boolean;
}

export interface AddedThread {
  readonly stored: boolean;
  readonly inForce: StickySettings;
  readonly endpoint?: object | null;
}

/** The number of idle threads that stay loaded, so that their next turn starts at once. Each takes about 1.5 MB in codex. */
const idleBounds = { first: 32, last: 128 } as const;
/** The number of unloaded threads that are remembered, to recognise those that are used again. */
const maxRemembered = 1_000;
/** The number of sub-agents whose permissions are remembered. */
const maxAgents = 1_000;
/** Milliseconds that codex may take to close a thread. It usually takes six. */
const closeTimeoutMs = 2_000;

/**
 * The threads that one app-server process has loaded for this client. The idle threads that were used last stay loaded; the
 * others are unloaded, and resumed at their next use. The bound grows by one with each thread that is used again after its
 * unload, so that a program that uses many threads in turn resumes each of them once. A thread that cannot be resumed stays
 * loaded: an ephemeral one, and one before its first turn. So does a thread whose commands run in the background.
 */
export class LoadedThreads {
  readonly #unloader: ThreadUnloader;
  readonly #lastBound: number;
  #bound: number;
  /** In the order of use: the last entry was used last. */
  readonly #entries = new Map<string, LoadedEntry>();
  /** The number of handles that are about to use a thread, by thread id. */
  readonly #reserved = new Map<string, number>();
  readonly #unloading = new Map<string, Promise<void>>();
  readonly #closed = new Map<string, Deferred<undefined>>();
  readonly #unloadedIds = new Set<string>();
  /** The sub-agents of the threads. Codex keeps each loaded until the client unsubscribes from it. */
  readonly #agents = new Map<string, AgentEntry>();
  #trimming = false;

  constructor(unloader: ThreadUnloader, bounds: { readonly first: number; readonly last: number } = idleBounds) {
    this.#unloader = unloader;
    this.#bound = bounds.first;
    this.#lastBound = bounds.last;
  }

  /** Whether the process has the thread loaded and sends its events. */
  has(threadId: string): boolean {
    return this.#entries.has(threadId);
  }

  add(threadId: string, { stored, inForce, endpoint = null }: AddedThread): void {
    if (this.#unloadedIds.delete(threadId)) this.#bound = Math.min(this.#bound + 1, this.#lastBound);
    const known = this.#entries.get(threadId);
    if (known === undefined) this.#entries.set(threadId, { users: 0, stored, baseline: inForce, inForce, endpoint });
    else {
      known.stored ||= stored;
      known.inForce = inForce;
    }
  }

  /** Keeps the thread from being unloaded until the returned function is called. It need not be loaded yet. */
  reserve(threadId: string): () => void {
    this.#reserved.set(threadId, (this.#reserved.get(threadId) ?? 0) + 1);
    return () => {
      const others = (this.#reserved.get(threadId) ?? 1) - 1;
      if (others > 0) this.#reserved.set(threadId, others);
      else this.#reserved.delete(threadId);
    };
  }

  /** The settings of the thread before any turn; null if it is not loaded. */
  baseline(threadId: string): StickySettings | null {
    return this.#entries.get(threadId)?.baseline ?? null;
  }

  /** The endpoint that the thread was loaded with; null if there is none, or if it is not loaded. */
  endpoint(threadId: string): object | null {
    return this.#entries.get(threadId)?.endpoint ?? null;
  }

  /** The settings in force for the thread; null if it is not loaded. */
  inForce(threadId: string): StickySettings | null {
    return this.#entries.get(threadId)?.inForce ?? null;
  }

  /** Records the settings that a turn has set. */
  setInForce(threadId: string, inForce: StickySettings): void {
    const entry = this.#entries.get(threadId);
    if (entry !== undefined) entry.inForce = inForce;
  }

  /**
   * The permissions of a sub-agent that starts in a turn of the thread with the permissions `turn`. Codex keeps those of the first start in this
   * process. An agent that was closed since then has those, or those of a later turn: the wider ones count.
   */
  permissionsOfAgent(agentThreadId: string, turn: Permissions, threadId: string): Permissions {
    const known = this.#agents.get(agentThreadId);
    if (known !== undefined) {
      if (known.closed && allowsMore(turn, known.permissions)) known.permissions = turn;
      known.closed = false;
      return known.permissions;
    }
    this.#agents.set(agentThreadId, { threadId, permissions: turn, closed: false });
    for (const oldest of this.#agents.keys()) {
      if (this.#agents.size <= maxAgents) break;
      this.#agents.delete(oldest);
    }
    return turn;
  }

  /** Keeps the loaded thread from being unloaded until the returned function is called. Null if it is not loaded. */
  hold(threadId: string): ((end: { readonly stored: boolean }) => void) | null {
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

  /** Unloads the thread unless it is in use or reserved; with `onlyUnresumable` only a thread that cannot be resumed. */
  async unload(
    threadId: string,
    { onlyUnresumable = false }: { readonly onlyUnresumable?: boolean } = {},
  ): Promise<void> {
    const entry = this.#entries.get(threadId);
    if (entry === undefined) await this.settled(threadId);
    else if (this.#isIdle(threadId, entry) && !(onlyUnresumable && entry.stored)) {
      await this.#unload(threadId, entry, { always: true });
    }
  }

  /**
   * Unloads the thread so that the caller can resume it with other parameters. The caller must have reserved it. Returns false if a turn holds it, if
   * it could not be resumed, and, without `always`, if its commands run in the background, because they would end.
   */
  async unloadForReload(threadId: string, { always }: { readonly always: boolean }): Promise<boolean> {
    await this.settled(threadId);
    const entry = this.#entries.get(threadId);
    if (entry === undefined) return true;
    if (entry.users > 0 || !entry.stored) return false;
    await this.#unload(threadId, entry, { always });
    return !this.#entries.has(threadId);
  }

  /** Resolves when the thread is not being unloaded. */
  async settled(threadId: string): Promise<void> {
    await this.#unloading.get(threadId);
  }

  /** Records codex's notification that it has closed the thread. */
  closed(threadId: string): void {
    this.#entries.delete(threadId);
    const agent = this.#agents.get(threadId);
    if (agent !== undefined) agent.closed = true;
    this.#closed.get(threadId)?.resolve(undefined);
  }

  /** Unloads idle threads over the bound, one at a time. */
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
    this.#unloadedIds.add(threadId);
    for (const oldest of this.#unloadedIds) {
      if (this.#unloadedIds.size <= maxRemembered) break;
      this.#unloadedIds.delete(oldest);
    }
  }

  /** The idle thread that was used longest ago, if there are more than the bound. */
  #tooMany(tried: ReadonlySet<string>): readonly [string, LoadedEntry] | null {
    if (this.#entries.size <= this.#bound) return null;
    const idle = [...this.#entries].filter(([threadId, entry]) => entry.stored && this.#isIdle(threadId, entry));
    if (idle.length <= this.#bound) return null;
    return idle.find(([threadId]) => !tried.has(threadId)) ?? null;
  }

  #isIdle(threadId: string, { users }: LoadedEntry): boolean {
    return users === 0 && !this.#reserved.has(threadId);
  }

  /** The thread counts as not loaded at once: a handle that needs it waits until the unload has ended, and resumes it. */
  #unload(threadId: string, entry: LoadedEntry, { always }: { readonly always: boolean }): Promise<void> {
    this.#entries.delete(threadId);
    const work = this.#requestUnload(threadId, always)
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

  async #requestUnload(threadId: string, always: boolean): Promise<boolean> {
    const closed = createDeferred<undefined>();
    this.#closed.set(threadId, closed);
    try {
      // Without an answer the thread stays loaded, and is tried again later.
      if (!always && (await this.#unloader.isAtWork(threadId).catch(() => true))) return false;
      await this.#unloadAgents(threadId);
      await this.#unloader.unsubscribe(threadId);
      await withDeadline(closed.promise, { timeoutMs: closeTimeoutMs, onTimeout: () => new Error("not closed") });
    } catch {
      // If the process does not answer, nothing is lost: the thread is resumed before its next use.
    }
    return true;
  }

  /** An agent that is loaded again later has the permissions of its turn. */
  async #unloadAgents(threadId: string): Promise<void> {
    const agents = [...this.#agents].filter(([, agent]) => agent.threadId === threadId && !agent.closed);
    const unload = async ([agentThreadId]: readonly [string, AgentEntry]): Promise<void> => {
      await this.#unloader.unsubscribe(agentThreadId);
      this.#agents.delete(agentThreadId);
    };
    await Promise.allSettled(agents.map(unload));
  }
}
