import { longestTimerMs } from "../internal/milliseconds.js";
import { isJsonObject, type JsonObject, parseJson } from "../internal/json.js";
import { onAbort } from "../internal/on-abort.js";
import type { ApprovalRequestedEvent, ApprovalResolvedEvent } from "../protocol/index.js";
import type { ApprovalHandler, DecidedBy } from "./approval-decision.js";
import type { ApprovalRequest } from "./approval-request.js";
import type { ApprovalRule } from "./rules/approval-rule.js";
import { checkDecision } from "./check-decision.js";
import { consider, type Opinion } from "./consider.js";
import type { InterruptionRegistry, MadeDecision } from "./interruptions.js";
import { qualifiedName } from "./rules/match.js";

export interface ApproverOptions {
  /** Who decides; null for nobody, which is a no to everything. */
  readonly onApproval: ApprovalHandler | ApprovalRule | null;
  /** Milliseconds that a decision may take, unless it is deferred. Default 600,000; `Infinity` for no limit. */
  readonly timeoutMs?: number | undefined;
  /** Where deferred requests wait; one a thread. */
  readonly interruptions: InterruptionRegistry;
  /** Takes secrets out of what a failed handler says. Default: nothing is taken out. */
  readonly redact?: ((text: string) => string) | undefined;
}

/** Has one thread's requests decided. */
export interface Approver {
  /**
   * The decision, which never fails: whatever goes wrong is a no that says what went wrong. One
   * `codexkit.approval.requested` and one `codexkit.approval.resolved` are emitted, the latter within the listener where
   * the signal fires.
   */
  decide(request: ApprovalRequest, context: ApprovalContext): Promise<Approval>;
}

export interface ApprovalContext {
  /** Fires when the answer is wanted no longer. */
  readonly signal: AbortSignal;
  readonly emit: (event: ApprovalRequestedEvent | ApprovalResolvedEvent) => void;
}

export interface Approval {
  /** As it was given, checked and copied. Its `reason` is for the model: it never tells how a handler failed. */
  readonly decision: MadeDecision;
  readonly by: DecidedBy;
  /** For the user: of a failure, what failed. */
  readonly reason: string | null;
}

const tenMinutesMs = 600_000;

export function createApprover(options: ApproverOptions): Approver {
  const { onApproval, timeoutMs = tenMinutesMs, interruptions, redact = String } = options;
  const { acceptedTools } = interruptions;

  /** What is known without asking anybody. */
  const recall = (request: ApprovalRequest): Approval | undefined => {
    if (request.kind === "tool" && acceptedTools.has(qualifiedName(request)))
      return { decision: { decision: "accept" }, by: "stored", reason: "It was accepted for the session." };
    const stored = interruptions.take(request);
    const checked = stored === undefined ? undefined : checkDecision(request, stored.decision);
    if (checked?.ok !== true || checked.decision.decision === "defer") return undefined;
    return { decision: checked.decision, by: "stored", reason: reasonOf(checked.decision) };
  };

  const remember = (request: ApprovalRequest, { decision }: MadeDecision): void => {
    if (request.kind === "tool" && decision === "acceptForSession") acceptedTools.add(qualifiedName(request));
  };

  return {
    decide(given, { signal, emit }) {
      const { id: approvalId, kind, itemId, threadId, turnId } = given;
      const about = { threadId, turnId, approvalId, kind, itemId };
      const since = performance.now();
      const copy = copyOf(given);
      const request = copy?.frozen ?? given;
      emit({ ...about, type: "codexkit.approval.requested", request: copy?.json ?? {} });

      return new Promise((resolve) => {
        const over = new AbortController();
        let settled = false;
        let timer: NodeJS.Timeout | undefined;
        let stopListening = (): void => undefined;
        const entry = interruptions.open(request);
        const settle = (approval: Approval): void => {
          if (settled) return;
          settled = true;
          clearTimeout(timer);
          stopListening();
          entry.close();
          remember(request, approval.decision);
          const { by, reason, decision } = approval;
          const ms = Math.round(performance.now() - since);
          emit({ ...about, type: "codexkit.approval.resolved", decision: decision.decision, by, reason, ms });
          resolve(approval);
        };
        /** The handler learns that it is over after the stream did. */
        const giveUp = (approval: Approval): void => {
          settle(approval);
          over.abort();
        };
        const take = ({ answer, by, reason }: Opinion): void => {
          const checked = checkDecision(request, answer);
          if (!checked.ok)
            return settle(failed(`The answer of the approval handler cannot be used: ${checked.problem}.`));
          const { decision } = checked;
          if (decision.decision !== "defer") return settle({ decision, by, reason: reason ?? reasonOf(decision) });
          if (settled) return;
          clearTimeout(timer);
          entry.defer((made) => settle({ decision: made, by: "handler", reason: reasonOf(made) }));
        };

        const stop = onAbort(signal, () => giveUp(no("withdrawn", "Codex waits for it no longer.")));
        stopListening = stop;
        if (signal.aborted) return stop();
        if (copy === null) return settle(failed("The request could not be copied."));
        let known: Approval | undefined;
        try {
          known = recall(request);
        } catch {
          // It is nested too deeply.
          return settle(failed("The request could not be compared with what was decided."));
        }
        if (known !== undefined) return settle(known);
        if (timeoutMs <= longestTimerMs)
          timer = setTimeout(() => giveUp(no("timeout", `Nobody decided within ${timeoutMs} ms.`)), timeoutMs);
        consider(onApproval, request, over.signal).then(take, (error: unknown) =>
          settle(failed(`The approval handler threw ${describe(error, redact)}`)),
        );
      });
    },
  };
}

function no(by: DecidedBy, reason: string): Approval {
  return { decision: { decision: "decline", reason }, by, reason };
}

/** How it failed is for the user alone: the model's provider need not read what an error says. */
function failed(reason: string): Approval {
  return { decision: { decision: "decline", reason: "The host could not decide." }, by: "failure", reason };
}

function reasonOf(decision: MadeDecision): string | null {
  return "reason" in decision && decision.reason !== undefined ? decision.reason : null;
}

/** Name and message of what was thrown, in one short line. It is cut last: half a secret would not be recognised. */
function describe(error: unknown, redact: (text: string) => string): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `no error, but a ${typeof error}`;
    return redact(text.slice(0, 10_000)).replace(/\s+/g, " ").slice(0, 200);
  } catch {
    return "an error that cannot be read";
  }
}

interface Copy {
  /** Nobody can change what is approved. */
  readonly frozen: ApprovalRequest;
  readonly json: JsonObject;
}

function copyOf(request: ApprovalRequest): Copy | null {
  try {
    const json = parseJson(JSON.stringify(request));
    return isJsonObject(json) ? { frozen: freeze(structuredClone(request)), json } : null;
  } catch {
    return null;
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const entry of Object.values(value)) freeze(entry);
  return Object.freeze(value);
}
