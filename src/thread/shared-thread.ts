import type { StoredTools } from "../tools/stored-tools.js";
import type { TurnEngine } from "./turn/turn-execution.js";
import { TurnQueue } from "./turn/turn-queue.js";
import type { UsageBaseline } from "./turn/turn-usage.js";

/** What is known of a thread from before. */
export interface KnownOfThread {
  readonly usageBaseline: UsageBaseline;
  readonly storedTools: StoredTools | "unknown";
}

/** What all handles of one thread share: whose turn it is, and what the thread has used. */
export class ThreadLine {
  readonly queue = new TurnQueue();
  /** The turn that runs on the thread now, or is about to. */
  active: TurnEngine | null = null;
  usageBaseline: UsageBaseline;
  /** What codex keeps of tools with the thread. */
  storedTools: StoredTools | "unknown";

  constructor({ usageBaseline, storedTools }: KnownOfThread) {
    this.usageBaseline = usageBaseline;
    this.storedTools = storedTools;
  }
}

/** The lines of a client's threads by their ids, each for as long as a handle holds it. */
export class ThreadLines {
  readonly #lines = new Map<string, WeakRef<ThreadLine>>();
  readonly #forgotten = new FinalizationRegistry<string>((threadId) => {
    if (this.#lines.get(threadId)?.deref() === undefined) this.#lines.delete(threadId);
  });

  /** The line of this thread where a handle has one already, else a new one. */
  open(threadId: string | null, before: KnownOfThread): ThreadLine {
    const known = threadId === null ? undefined : this.#lines.get(threadId)?.deref();
    if (known === undefined) {
      const line = new ThreadLine(before);
      if (threadId !== null) this.register(threadId, line);
      return line;
    }
    // What was stored may be older than what a living handle has seen since.
    if (known.usageBaseline === "unknown") known.usageBaseline = before.usageBaseline;
    if (known.storedTools === "unknown") known.storedTools = before.storedTools;
    return known;
  }

  /** A new thread has got its id. */
  register(threadId: string, line: ThreadLine): void {
    if (this.#lines.get(threadId)?.deref() !== undefined) return;
    this.#lines.set(threadId, new WeakRef(line));
    this.#forgotten.register(line, threadId);
  }
}
