import { CodexError } from "./codex-error.js";

/** The client was closed: before the call, or while the turn was running. */
export class ClientClosedError extends CodexError {
  override name = "ClientClosedError";
  constructor() {
    super("CLIENT_CLOSED", "This client is closed; make a new `Codex`.", { retryable: false });
  }
}
