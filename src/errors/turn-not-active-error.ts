import { CodexError } from "./codex-error.js";

/** The turn does not run, so it takes no further input. Start another turn with the input. */
export class TurnNotActiveError extends CodexError {
  override name = "TurnNotActiveError";
  constructor(status: string, ids: { readonly threadId: string | null; readonly turnId: string | null }) {
    super("TURN_NOT_ACTIVE", `The turn is ${status}: only a running turn can be steered.`, {
      ...ids,
      retryable: false,
    });
  }
}
