import { CodexError, type CodexErrorOptions } from "./codex-error.js";

/** Codex sent a message that its own protocol does not allow, and the work cannot continue without it. */
export class ProtocolError extends CodexError {
  override name = "ProtocolError";
  constructor(message: string, options: CodexErrorOptions = {}) {
    super("PROTOCOL_ERROR", message, options);
  }
}
