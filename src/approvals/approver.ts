import { clearTimeout, setTimeout } from "node:timers";
import { longestTimerMs } from "../internal/time/milliseconds.js";
import { onAbort } from "../internal/abort/on-abort.js";
import { describeThrown } from "../internal/secrets/describe-thrown.js";
import type { ApprovalRequestedEvent, ApprovalResolvedEvent } from "../protocol/index.js";
import type { ApprovalHandler, DecidedBy } from "./approval-decision.js";
import type { ApprovalRequest } from "../protocol/events/approval-request.js";
import { type ApprovalRule, isApprovalRule } from "./rules/approval-rule.js";
import { checkDecision } from "./check-decision.js";
import { copyRequest, withoutContent } from "./copy-request.js";
import { consider, denialOf, type Opinion } from "./consider.js";
import type { InterruptionRegistry, MadeDecision } from "./interruptions.js";
import { qualifiedName } from "./rules/match.js";

export interface ApproverOptions {
  /** The handler or the rule. With `null`, every request is declined. */
  readonly onApproval: ApprovalHandler | ApprovalRule | null;
  /** The time limit of a decision in milliseconds. It does not apply to a deferred one. Default: 600,000. `Infinity` for no limit. */
  readonly timeoutMs?: number | undefined;
  /** The registry of the deferred requests of the thread. */
  readonly interruptions: InterruptionRegistry;
  /** Removes secrets from the error text of a handler. Default: removes nothing. */
  readonly redact?: ((text: string) => string) | undefined;
}

/** Decides the approval requests of one thread, by stored decisions, rules and the handler. */
export interface Approver {
  /**
   * Resolves with the decision and never rejects: a failure is a decline that states its cause. Emits one
   * `codexkit.approval.requested` and one `codexkit.approval.resolved`. If the signal aborts, the latter is emitted
   * synchronously.
   */
  decide(request: ApprovalRequest, context: ApprovalContext): Promise<Approval>;
}

interface ApprovalContext {
  /** Aborts if the decision is no longer needed. */
  readonly signal: AbortSignal;
  readonly emit: (event: ApprovalRequestedEvent | ApprovalResolvedEvent) => void;
}

export interface Approval {
  /** The checked copy of the decision. Its `reason` is for the model and never contains the error of a handler. */
  readonly decision: MadeDecision;
  readonly by: DecidedBy;
  /** The reason for the user. It includes the cause of a failure. */
  readonly reason: string | null;
}

const tenMinutesMs = 600_000;

export function createApprover(options: ApproverOptions): Approver {
  const { onApproval, timeoutMs = tenMinutesMs, interruptions, redact = String } = options;
  const { acceptedTools } = interruptions;

  /** Returns a decision that was made before, or `undefined`. */
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
    decide(original, { signal, emit }) {
      const { id: approvalId, kind, itemId, threadId, turnId } = original;
      const about = { threadId, turnId, approvalId, kind, itemId };
      const since = performance.now();
      const copy = copyRequest(original);
      const request = copy?.frozen ?? original;
      emit({ ...about, type: "codexkit.approval.requested", request: copy?.shown ?? withoutContent(original) });

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
        /** Emits the event first, then aborts the handler's signal. */
        const giveUp = (approval: Approval): void => {
          settle(approval);
          over.abort();
        };
        const take = ({ answer, by, reason }: Opinion): void => {
          const checked = checkDecision(request, answer);
          if (!checked.ok)
            return settle(failed(`The approval handler returned an invalid decision: ${checked.problem}.`));
          const { decision } = checked;
          if (decision.decision !== "defer") return settle({ decision, by, reason: reason ?? reasonOf(decision) });
          if (settled) return;
          clearTimeout(timer);
          entry.defer((made) => settle({ decision: made, by: "handler", reason: reasonOf(made) }));
        };

        const stop = onAbort(signal, () => giveUp(no("withdrawn", "The request was withdrawn.")));
        stopListening = stop;
        if (signal.aborted) return stop();
        if (copy === null) return settle(failed("The request could not be copied."));
        let known: Approval | undefined;
        try {
          known = recall(request);
        } catch {
          // The request is nested too deeply.
          return settle(failed("The request could not be compared with the stored decisions."));
        }
        const threw = (error: unknown): void =>
          settle(failed(`The approval handler threw ${describeThrown(error, redact)}`));
        if (known !== undefined) {
          // A rule that denies the request today overrides the stored decision.
          try {
            const denial = isApprovalRule(onApproval) ? denialOf(onApproval, request) : null;
            return denial === null ? settle(known) : take(denial);
          } catch (error) {
            return threw(error);
          }
        }
        if (timeoutMs <= longestTimerMs)
          timer = setTimeout(() => giveUp(no("timeout", `There was no decision within ${timeoutMs} ms.`)), timeoutMs);
        consider(onApproval, request, over.signal).then(take, threw);
      });
    },
  };
}

function no(by: DecidedBy, reason: string): Approval {
  return { decision: { decision: "decline", reason }, by, reason };
}

/** The cause is for the user. The model, and so its provider, must not see the text of an error. */
function failed(reason: string): Approval {
  return { decision: { decision: "decline", reason: "The host program could not decide." }, by: "failure", reason };
}

function reasonOf(decision: MadeDecision): string | null {
  return "reason" in decision && decision.reason !== undefined ? decision.reason : null;
}
