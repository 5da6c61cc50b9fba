import { OptionError } from "../errors/option-error.js";
import { isJsonObject } from "../internal/json.js";
import type { ApprovalDecision, DeferDecision } from "./approval-decision.js";
import type { ApprovalRequest } from "../protocol/events/approval-request.js";
import { checkDecision } from "./check-decision.js";
import { isApprovalRequest } from "./check-request.js";
import { fingerprintOf } from "./fingerprint.js";
import { checkStoredDecisions, type StoredDecision, toStoredDecision, useOnce } from "./stored-decision.js";
import { CodexError } from "../errors/codex-error.js";

/** Approval requests of a thread that were deferred and have no decision yet. */
export interface Interruptions {
  /** Returns the requests, oldest first. */
  list(): readonly Interruption[];
  /** Returns the request with this id, or `undefined` if it was decided or withdrawn. */
  get(id: string): Interruption | undefined;
}

/** A deferred request. It has no deadline. */
export interface Interruption {
  readonly id: string;
  readonly request: ApprovalRequest;
  /** The time of the request, in milliseconds since 1970. */
  readonly requestedAt: number;
  /**
   * Decides the request. If its turn no longer exists (the thread was resumed from its state), the decision is stored for
   * the next equal request. Throws an `OptionError` (`INVALID_OPTION`) for a decision that the request does not accept; the
   * request stays open. Throws an `ApprovalGoneError` (`APPROVAL_GONE`) if it was decided or withdrawn.
   */
  decide(decision: MadeDecision): void;
}

/** A decision other than `defer`. */
export type MadeDecision = Exclude<ApprovalDecision, DeferDecision>;

/** The approvals in a thread's state. Plain data. */
export interface StoredInterruptions {
  /** The requests without a decision. */
  readonly requests: readonly ApprovalRequest[];
  /** Decisions about requests whose turn no longer exists, not used yet. */
  readonly decisions: readonly StoredDecision[];
}

/** The entry of an open request in the registry. */
interface OpenRequest {
  /** Moves the request to the deferred ones. `Interruption.decide` then calls `decide`. */
  defer(decide: (decision: MadeDecision) => void): void;
  /** Removes the request: it was decided or withdrawn. */
  close(): void;
}

/** All requests of one thread without a decision, and the stored decisions without a request. */
export class InterruptionRegistry implements Interruptions {
  /** The qualified names of the host tools that were accepted for the session. */
  readonly acceptedTools = new Set<string>();
  readonly #open = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  /** The thread of the restored requests, or `null` for a new thread. */
  readonly #threadId: string | null;
  #decisions: readonly StoredDecision[];

  constructor(
    { requests, decisions }: StoredInterruptions = { requests: [], decisions: [] },
    threadId: string | null = null,
  ) {
    this.#threadId = threadId;
    this.#decisions = decisions;
    for (const request of requests) this.#restore(request);
  }

  /** The number of requests of running turns without a decision, deferred or not. */
  get pending(): number {
    return this.#running().length;
  }

  /** Whether running turns have open requests and all of these are deferred. */
  get waiting(): boolean {
    const running = this.#running();
    return running.length > 0 && running.every(({ decide }) => decide !== null);
  }

  list(): readonly Interruption[] {
    return [...this.#open.values()].flatMap((entry) => (entry.decide === null ? [] : [this.#toInterruption(entry)]));
  }

  get(id: string): Interruption | undefined {
    const entry = this.#open.get(id);
    return entry === undefined || entry.decide === null ? undefined : this.#toInterruption(entry);
  }

  open(request: ApprovalRequest): OpenRequest {
    const entry: Entry = { request, decide: null, running: true };
    this.#open.set(request.id, entry);
    return {
      defer: (decide) => {
        if (this.#open.get(request.id) !== entry) return;
        entry.decide = decide;
        this.#notify();
      },
      close: () => {
        if (this.#open.get(request.id) !== entry) return;
        this.#open.delete(request.id);
        this.#notify();
      },
    };
  }

  /**
   * Removes and returns the stored decision for an equal request, unless this process has used it before. Without one,
   * removes an equal restored request.
   */
  take(request: ApprovalRequest): StoredDecision | undefined {
    if (this.#decisions.length === 0 && !this.#hasRestored()) return undefined;
    const fingerprint = fingerprintOf(request);
    if (fingerprint === null) return undefined;
    const at = this.#decisions.findIndex((each) => each.kind === request.kind && each.fingerprint === fingerprint);
    const found = this.#decisions[at];
    if (found !== undefined) this.#decisions = this.#decisions.filter((each) => each !== found);
    else this.#forgetRestored(fingerprint);
    return found !== undefined && useOnce(found) ? found : undefined;
  }

  /** Calls the listener whenever `waiting` becomes true, and at once if it is. Returns an unsubscribe function. */
  onWaiting(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.waiting) listener();
    return () => this.#listeners.delete(listener);
  }

  toJSON(): StoredInterruptions {
    return { requests: [...this.#open.values()].map(({ request }) => request), decisions: this.#decisions };
  }

  #running(): readonly Entry[] {
    return [...this.#open.values()].filter(({ running }) => running);
  }

  #notify(): void {
    if (!this.waiting) return;
    for (const listener of [...this.#listeners]) listener();
  }

  #restore(request: ApprovalRequest): void {
    const decide = (decision: MadeDecision): void => {
      this.#open.delete(request.id);
      this.#decisions = [...this.#decisions, toStoredDecision(request, decision, this.#threadId ?? request.threadId)];
    };
    this.#open.set(request.id, { request, decide, running: false });
  }

  #hasRestored(): boolean {
    return [...this.#open.values()].some(({ running }) => !running);
  }

  #forgetRestored(fingerprint: string): void {
    for (const [id, { running, request }] of this.#open)
      if (!running && fingerprintOf(request) === fingerprint) {
        this.#open.delete(id);
        return;
      }
  }

  #toInterruption(entry: Entry): Interruption {
    const { request } = entry;
    const { id, requestedAt } = request;
    return Object.freeze({
      id,
      request,
      requestedAt,
      decide: (decision: MadeDecision) => this.#decide(entry, decision),
    });
  }

  #decide(entry: Entry, decision: MadeDecision): void {
    const { request, decide } = entry;
    if (this.#open.get(request.id) !== entry || decide === null) throw new ApprovalGoneError(request.id, request);
    const checked = checkDecision(request, decision);
    const problem = checked.ok ? "it is deferred already" : checked.problem;
    if (!checked.ok || checked.decision.decision === "defer")
      throw new OptionError("INVALID_OPTION", "decision", `This is not a decision for ${request.kind}: ${problem}.`);
    decide(checked.decision);
  }
}

interface Entry {
  readonly request: ApprovalRequest;
  /** `null` until the request is deferred. */
  decide: ((decision: MadeDecision) => void) | null;
  /** True if a running turn waits for it; false if it was restored from a state. */
  readonly running: boolean;
}

/**
 * Checks the stored form of a registry. Throws an `OptionError` (`INVALID_STATE`) if `toJSON` did not write it, or if its
 * decisions belong to another thread than `threadId`.
 */
export function checkStoredInterruptions(value: unknown, threadId: string | null = null): StoredInterruptions {
  const { requests, decisions } = isJsonObject(value) ? value : {};
  const given: readonly unknown[] | null = Array.isArray(requests) ? requests : null;
  if (given?.every(isApprovalRequest)) return { requests: given, decisions: checkStoredDecisions(decisions, threadId) };
  throw new OptionError("INVALID_STATE", "interruptions", "These are not stored approval requests.");
}

/** The request was decided or withdrawn before. The call changed nothing. */
export class ApprovalGoneError extends CodexError {
  override name = "ApprovalGoneError";
  readonly approvalId: string;

  constructor(approvalId: string, ids: { readonly threadId: string; readonly turnId: string | null }) {
    super("APPROVAL_GONE", `The request ${approvalId} was decided or withdrawn before.`, { ...ids, retryable: false });
    this.approvalId = approvalId;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), approvalId: this.approvalId };
  }
}
