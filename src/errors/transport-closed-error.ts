import { CodexError, type CodexErrorOptions } from "./codex-error.js";

/** The connection to codex was closed, by `close()` or by codex. No further message can be sent on it. */
export class TransportClosedError extends CodexError {
  override name = "TransportClosedError";

  constructor(message = "The connection to codex is closed.", options: CodexErrorOptions = {}) {
    super("TRANSPORT_CLOSED", message, options);
  }
}
