import { OptionError } from "../errors/option-error.js";
import { isJsonObject } from "../internal/json.js";
import type { ApprovalDecision, DeferDecision } from "./approval-decision.js";
import type { ApprovalRequest } from "./approval-request.js";
import { checkDecision } from "./check-decision.js";
import { isApprovalRequest } from "./check-request.js";
import { fingerprintOf } from "./fingerprint.js";
import { checkStoredDecisions, type StoredDecision, toStoredDecision } from "./stored-decision.js";
import { CodexError } from "../errors/codex-error.js";

/** What waits on a thread for a decision that was deferred. */
export interface Interruptions {
  /** Oldest first. */
  list(): readonly Interruption[];
  /** The one of this id, or undefined where it was decided or withdrawn. */
  get(id: string): Interruption | undefined;
}

/** A request that waits. It has no deadline. */
export interface Interruption {
  readonly id: string;
  readonly request: ApprovalRequest;
  /** When it was asked, in milliseconds since 1970. */
  readonly requestedAt: number;
  /**
   * Decides it. A request of a turn that is gone (the thread was resumed from its state) keeps the decision for the next
   * equal request. Throws an `OptionError` (`INVALID_OPTION`) for a decision that the request does not take and leaves it
   * waiting, and an `ApprovalGoneError` (`APPROVAL_GONE`) where it was decided or withdrawn.
   */
  decide(decision: MadeDecision): void;
}

/** A decision, as opposed to leaving it for later. */
export type MadeDecision = Exclude<ApprovalDecision, DeferDecision>;

/** The part of a thread's state that is about approvals. Plain data. */
export interface StoredInterruptions {
  /** Asked, and not yet answered. */
  readonly requests: readonly ApprovalRequest[];
  /** Answered after their turn was gone, and not yet used. */
  readonly decisions: readonly StoredDecision[];
}

/** A request under decision, as the approver sees it. */
export interface OpenRequest {
  /** Nobody decides it now: it waits until `decide` is called. */
  defer(decide: (decision: MadeDecision) => void): void;
  /** It is decided or withdrawn. */
  close(): void;
}

/** All requests of one thread that nobody answered yet, and the decisions that wait for their request. */
export class InterruptionRegistry implements Interruptions {
  /** The host tools that were accepted for the session, by their qualified names. */
  readonly acceptedTools = new Set<string>();
  readonly #open = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #decisions: readonly StoredDecision[];

  constructor({ requests, decisions }: StoredInterruptions = { requests: [], decisions: [] }) {
    this.#decisions = decisions;
    for (const request of requests) this.#restore(request);
  }

  /** How many requests of running turns nobody answered yet, deferred or not. */
  get pending(): number {
    return this.#running().length;
  }

  /** Something waits, and nothing else than for deferred decisions. */
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
        this.#tell();
      },
      close: () => {
        if (this.#open.get(request.id) !== entry) return;
        this.#open.delete(request.id);
        this.#tell();
      },
    };
  }

  /** The decision that was stored for an equal request; it is used up. A request that waited for it waits no longer. */
  take(request: ApprovalRequest): StoredDecision | undefined {
    if (this.#decisions.length === 0 && !this.#hasRestored()) return undefined;
    const fingerprint = fingerprintOf(request);
    if (fingerprint === null) return undefined;
    const at = this.#decisions.findIndex((each) => each.kind === request.kind && each.fingerprint === fingerprint);
    const found = this.#decisions[at];
    if (found !== undefined) this.#decisions = this.#decisions.filter((each) => each !== found);
    else this.#forgetRestored(fingerprint);
    return found;
  }

  /** Calls the listener each time when all that is pending has been deferred, at once where it has. Gives its end. */
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

  #tell(): void {
    if (!this.waiting) return;
    for (const listener of [...this.#listeners]) listener();
  }

  #restore(request: ApprovalRequest): void {
    const decide = (decision: MadeDecision): void => {
      this.#open.delete(request.id);
      this.#decisions = [...this.#decisions, toStoredDecision(request, decision)];
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

  #decide(entry: Entry, given: MadeDecision): void {
    const { request, decide } = entry;
    if (this.#open.get(request.id) !== entry || decide === null) throw new ApprovalGoneError(request.id, request);
    const checked = checkDecision(request, given);
    const problem = checked.ok ? "it was deferred already" : checked.problem;
    if (!checked.ok || checked.decision.decision === "defer")
      throw new OptionError("INVALID_OPTION", "decision", `This is no decision for ${request.kind}: ${problem}.`);
    decide(checked.decision);
  }
}

interface Entry {
  readonly request: ApprovalRequest;
  /** Null while somebody decides it. */
  decide: ((decision: MadeDecision) => void) | null;
  /** Its turn waits for it, as opposed to one that was restored from a state. */
  readonly running: boolean;
}

/** Reads the part of a state back. Throws an `OptionError` (`INVALID_STATE`) where it is not what `toJSON` wrote. */
export function checkStoredInterruptions(value: unknown): StoredInterruptions {
  const { requests, decisions } = isJsonObject(value) ? value : {};
  const given: readonly unknown[] | null = Array.isArray(requests) ? requests : null;
  if (given?.every(isApprovalRequest)) return { requests: given, decisions: checkStoredDecisions(decisions) };
  throw new OptionError("INVALID_STATE", "interruptions", "These are not the requests that a thread waited for.");
}

/** The request was decided already, or nobody waits for it any more. Nothing was changed by the call. */
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
