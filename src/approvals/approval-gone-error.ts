import { CodexError } from "../errors/codex-error.js";

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
