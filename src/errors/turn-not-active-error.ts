import { CodexError } from "./codex-error.js";

/** The turn is not running, so nothing can be added to it. Start another one with the same input. */
export class TurnNotActiveError extends CodexError {
  override name = "TurnNotActiveError";
  constructor(status: string, ids: { readonly threadId: string | null; readonly turnId: string | null }) {
    super("TURN_NOT_ACTIVE", `The turn is ${status}: only a running turn can be steered.`, {
      ...ids,
      retryable: false,
    });
  }
}
