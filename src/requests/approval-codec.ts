import type { ApprovalRequest, ApprovalRequestBase } from "../approvals/approval-request.js";
import type { MadeDecision } from "../approvals/interruptions.js";
import type { FileChange, JsonObject, JsonValue } from "../protocol/index.js";

/** How one method of codex is read as a request for approval, and how a decision is said in its own shape. */
export interface ApprovalCodec {
  /** Null where the params do not say what is asked. Their required fields are of the right kind, deeper ones unchecked. */
  readonly toRequest: (params: JsonObject, about: AskedAbout) => ApprovalRequest | null;
  /** The `result` of the response. */
  readonly toResult: (decision: MadeDecision, request: ApprovalRequest) => JsonValue;
  /** Whether codex itself ends the turn on `cancel`. */
  readonly cancelsItself: boolean;
}

/** What a request is told of besides its params. */
export interface AskedAbout {
  readonly base: ApprovalRequestBase;
  /** The thread's working directory, where it is known. */
  readonly workingDirectory: string | null;
  /** The changes of the file change that the request is about. */
  readonly changes: readonly FileChange[];
}
