import { CodexError, type CodexErrorOptions } from "./codex-error.js";

/** A feature needs an optional package that is not installed. `peer` is its name; the message has the install line. */
export class PeerMissingError extends CodexError {
  override name = "PeerMissingError";
  readonly peer: string;

  constructor(peer: string, feature: string, options: CodexErrorOptions = {}) {
    super("PEER_MISSING", `${feature} need the package \`${peer}\`: npm install ${peer}`, {
      ...options,
      retryable: false,
    });
    this.peer = peer;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), peer: this.peer };
  }
}
