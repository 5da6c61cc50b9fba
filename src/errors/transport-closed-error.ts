import { CodexError, type CodexErrorOptions } from "./codex-error.js";

/** The connection to codex is closed: by `close()`, or by the other side. Nothing can be sent on it any more. */
export class TransportClosedError extends CodexError {
  override name = "TransportClosedError";

  constructor(message = "The connection to codex is closed.", options: CodexErrorOptions = {}) {
    super("TRANSPORT_CLOSED", message, options);
  }
}
