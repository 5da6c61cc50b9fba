import type { ThreadEvent } from "../protocol/index.js";
import type { StoredTools } from "../tools/stored-tools.js";
import type { ActiveTurn } from "./turn/participants.js";
import { TurnQueue } from "./turn-queue.js";
import type { UsageBaseline } from "./turn/turn-usage.js";

/** The known facts about a thread when a handle is created. */
export interface ThreadOrigin {
  /** Null for a new thread. */
  readonly threadId: string | null;
  readonly usageBaseline: UsageBaseline;
  /** The digests of the tools that codex stores with the thread. */
  readonly storedTools: StoredTools | "unknown";
  /** The thread was started and has had no turn. */
  readonly unstarted?: boolean;
}

/** A handle of the thread, as far as its approvals are concerned. */
export interface PolicyHolder {
  /** The approval handler or rule that decides in the handle's turns; null if there is none. */
  readonly policy: unknown;
}

/** The state that all handles of one thread share: its id, its queue of turns, its usage and its stored tools. */
export class SharedThread {
  readonly queue = new TurnQueue();
  /** The turn that runs on the thread or is about to run; null if there is none. */
  active: ActiveTurn | null = null;
  #activeHandle: PolicyHolder | null = null;
  usageBaseline: UsageBaseline;
  storedTools: StoredTools | "unknown";
  /** No turn of the thread has ended, so codex may not have stored it. */
  unstarted: boolean;
  readonly #registry: SharedThreads;
  #id: string | null = null;

  constructor(registry: SharedThreads, origin: ThreadOrigin) {
    this.#registry = registry;
    this.usageBaseline = origin.usageBaseline;
    this.storedTools = origin.storedTools;
    this.unstarted = origin.threadId === null || origin.unstarted === true;
    if (origin.threadId !== null) this.identify(origin.threadId);
  }

  /** The thread's id; null until codex has started the thread. */
  get id(): string | null {
    return this.#id;
  }

  /** Makes the turn of a handle the active one. */
  enter(turn: ActiveTurn, handle: PolicyHolder): void {
    this.active = turn;
    this.#activeHandle = handle;
  }

  leave(turn: ActiveTurn): void {
    if (this.active !== turn) return;
    this.active = null;
    this.#activeHandle = null;
  }

  /** Returns the active turn if the approval policy of the handle decides in it too; null otherwise, and if no turn runs. */
  joinableBy({ policy }: PolicyHolder): ActiveTurn | null {
    return this.#activeHandle?.policy === policy ? this.active : null;
  }

  /** Sets the id of a new thread. Later calls have no effect. */
  identify(threadId: string): void {
    if (this.#id !== null) return;
    this.#id = threadId;
    this.#registry.add(threadId, this);
  }

  /** Takes the thread's id from an event of its turns. */
  noteEvent({ threadId, type }: ThreadEvent): void {
    if (threadId === null || threadId === "") return;
    if (type === "codexkit.thread.replaced") this.replace(threadId);
    else this.identify(threadId);
  }

  /** Sets the id of a thread that was started anew. */
  replace(threadId: string): void {
    if (this.#id === threadId) return;
    this.#id = threadId;
    this.#registry.add(threadId, this);
  }
}

/** The shared state of a client's threads, by thread id, for as long as a handle or a turn uses it. */
export class SharedThreads {
  readonly #threads = new Map<string, WeakRef<SharedThread>>();
  readonly #collected = new FinalizationRegistry<string>((threadId) => {
    if (this.#threads.get(threadId)?.deref() === undefined) this.#threads.delete(threadId);
  });

  /** Returns the state that other handles of this thread use, or a new one. */
  open(origin: ThreadOrigin): SharedThread {
    const known = origin.threadId === null ? undefined : this.#threads.get(origin.threadId)?.deref();
    if (known === undefined) return new SharedThread(this, origin);
    // Known values win: a live handle may have recorded them after the stored state was written.
    if (known.usageBaseline === "unknown") known.usageBaseline = origin.usageBaseline;
    if (known.storedTools === "unknown") known.storedTools = origin.storedTools;
    return known;
  }

  add(threadId: string, thread: SharedThread): void {
    if (this.#threads.get(threadId)?.deref() !== undefined) return;
    this.#threads.set(threadId, new WeakRef(thread));
    this.#collected.register(thread, threadId);
  }
}
