import { CodexError, type CodexErrorOptions } from "./codex-error.js";

/**
 * Work ended because its `AbortSignal` fired. `name` is `AbortError`, as in the Web platform, `cause` is `signal.reason`,
 * and `result` is the partial result of a turn.
 */
export class AbortedError extends CodexError {
  override name = "AbortError";
  readonly result: unknown;

  constructor(reason: unknown, options: Omit<CodexErrorOptions, "cause"> & { readonly result?: unknown } = {}) {
    super("ABORTED", "The operation was aborted.", { ...options, cause: reason, retryable: false });
    this.result = options.result;
  }
}
