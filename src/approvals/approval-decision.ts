import type { JsonObject } from "../internal/json.js";
import type { ApprovalResolvedEvent } from "../protocol/index.js";
import type { ApprovalKind, ApprovalRequest } from "../protocol/events/approval-request.js";

/** Accepts this request only. A command then runs outside the sandbox. */
export interface AcceptDecision {
  readonly decision: "accept";
  /** `permissions` only: the part of the requested permissions to grant. Default: all of them. */
  readonly permissions?: JsonObject | undefined;
  /** `elicitation` only: content that fits the request's schema. */
  readonly content?: JsonObject | undefined;
}

/** Accepts this request and equal ones in this thread. Not for `elicitation` and `userInput`. */
export interface AcceptForSessionDecision {
  readonly decision: "acceptForSession";
  /** `permissions` only, as with `accept`. */
  readonly permissions?: JsonObject | undefined;
}

/**
 * Accepts this request, and codex writes a lasting rule into CODEX_HOME, for all threads. `command` only, and only if the
 * request has a `proposedAmendment`.
 */
export interface AcceptWithPolicyAmendmentDecision {
  readonly decision: "acceptWithPolicyAmendment";
  /**
   * The words to allow; codex then accepts every command that begins with them. They must begin with the proposed prefix.
   * Default: all words of the command, never a shorter prefix that the model proposed.
   */
  readonly amendment?: readonly string[] | undefined;
}

/** Answers the model's questions, by the ids of the questions. `userInput` only. */
export interface AnswerDecision {
  readonly decision: "answer";
  readonly answers: Readonly<Record<string, string | readonly string[]>>;
}

/** Rejects the request. The turn continues, and the model is informed. */
export interface DeclineDecision {
  readonly decision: "decline";
  /** The reason in `codexkit.approval.resolved`. The model receives it only for a host tool; codex has no field for it elsewhere. */
  readonly reason?: string | undefined;
}

/** Rejects the request and ends the turn as interrupted. */
export interface CancelDecision {
  readonly decision: "cancel";
  readonly reason?: string | undefined;
}

/** Postpones the decision: the request moves to `thread.interruptions`, and a `runAuto` run that waits for nothing else resolves. */
export interface DeferDecision {
  readonly decision: "defer";
}

/** A decision about an {@link ApprovalRequest}. */
export type ApprovalDecision =
  | AcceptDecision
  | AcceptForSessionDecision
  | AcceptWithPolicyAmendmentDecision
  | AnswerDecision
  | DeclineDecision
  | CancelDecision
  | DeferDecision;

interface DecisionsByKind {
  readonly command: AcceptDecision | AcceptForSessionDecision | AcceptWithPolicyAmendmentDecision | Refusal;
  readonly fileChange: AcceptDecision | AcceptForSessionDecision | Refusal;
  readonly permissions: AcceptDecision | AcceptForSessionDecision | Refusal;
  readonly mcpTool: AcceptDecision | AcceptForSessionDecision | Refusal;
  readonly elicitation: AcceptDecision | Refusal;
  readonly userInput: AnswerDecision | Refusal;
  readonly tool: AcceptDecision | AcceptForSessionDecision | Refusal;
}
type Refusal = DeclineDecision | CancelDecision | DeferDecision;

/** The decisions that a kind of request accepts. */
export type DecisionFor<K extends ApprovalKind> = DecisionsByKind[K];

/** Decides about a request. `signal` aborts if the decision is no longer needed: the turn ended, the time is up, or another client decided. */
export type ApprovalHandler = (
  request: ApprovalRequest,
  context: { readonly signal: AbortSignal },
) => ApprovalDecision | Promise<ApprovalDecision>;

/**
 * The source of a decision. `rule` and `handler` are yours; `stored` is one that was made before. The others are declined by
 * codexkit: `timeout`, `failure` (the handler failed), `withdrawn`, and `default` (there is no handler, or no rule matched).
 */
export type DecidedBy = ApprovalResolvedEvent["by"];
