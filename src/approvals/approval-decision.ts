import type { JsonObject } from "../internal/json.js";
import type { ApprovalResolvedEvent } from "../protocol/index.js";
import type { ApprovalKind, ApprovalRequest } from "./approval-request.js";

/** Once, for this request alone. A command then runs outside the sandbox. */
export interface AcceptDecision {
  readonly decision: "accept";
  /** `permissions` only: what is granted of what was asked. Default: all of it. */
  readonly permissions?: JsonObject | undefined;
  /** `elicitation` only: the content that fits the request's schema. */
  readonly content?: JsonObject | undefined;
}

/** This, and the same again in this thread, without being asked. Not for `elicitation` and `userInput`. */
export interface AcceptForSessionDecision {
  readonly decision: "acceptForSession";
  /** `permissions` only, as with `accept`. */
  readonly permissions?: JsonObject | undefined;
}

/** `command` only, where `proposedAmendment` is given: codex writes a lasting rule into CODEX_HOME, for all threads. */
export interface AcceptWithPolicyAmendmentDecision {
  readonly decision: "acceptWithPolicyAmendment";
  /** The prefix to allow; it must begin with what was proposed. Default: what was proposed. */
  readonly amendment?: readonly string[] | undefined;
}

/** The answers to the model's questions, by the ids of the questions. `userInput` only. */
export interface AnswerDecision {
  readonly decision: "answer";
  readonly answers: Readonly<Record<string, string | readonly string[]>>;
}

/** It does not happen, and the turn goes on. */
export interface DeclineDecision {
  readonly decision: "decline";
  /** Told to the model of a host tool, and to the stream of every kind; codex has no place for it in the others. */
  readonly reason?: string | undefined;
}

/** It does not happen, and the turn ends as interrupted. */
export interface CancelDecision {
  readonly decision: "cancel";
  readonly reason?: string | undefined;
}

/** Not decided now: the request waits among `thread.interruptions`, and `runAuto` is left. */
export interface DeferDecision {
  readonly decision: "defer";
}

/** An answer to an {@link ApprovalRequest}. */
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

/** The decisions that a kind of request takes. */
export type DecisionFor<K extends ApprovalKind> = DecisionsByKind[K];

/** What decides. `signal` fires when the answer is wanted no longer: the turn ended, its time is up, another answered. */
export type ApprovalHandler = (
  request: ApprovalRequest,
  context: { readonly signal: AbortSignal },
) => ApprovalDecision | Promise<ApprovalDecision>;

/** Who made a decision: a rule, the callback, codexkit since the time was up or the callback failed, or a stored one. */
export type DecidedBy = ApprovalResolvedEvent["by"];
