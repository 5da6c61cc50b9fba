import { CodexError } from "./codex-error.js";

/** The client or the thread was closed before the call, or while the turn was running. */
export class ClientClosedError extends CodexError {
  override name = "ClientClosedError";
  constructor(closed: "client" | "thread" = "client") {
    const advice = closed === "client" ? "make a new `Codex`" : "continue it by `codex.resumeThread()`";
    super("CLIENT_CLOSED", `This ${closed} is closed; ${advice}.`, { retryable: false });
  }
}
