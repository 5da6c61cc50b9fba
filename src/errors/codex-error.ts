import { boundText } from "./bound-text.js";
import type { ErrorCode } from "./error-codes.js";

const marker = Symbol.for("codexkit.error");

export interface CodexErrorOptions {
  readonly cause?: unknown;
  /** `true` if the same call may succeed later, `false` if it cannot, `undefined` if that is unknown. */
  readonly retryable?: boolean | undefined;
  readonly threadId?: string | null | undefined;
  readonly turnId?: string | null | undefined;
}

/**
 * The base class of every error of `codexkit`. `code` is stable across releases; the subclasses add fields. A message over
 * 32,768 characters keeps its beginning and its end.
 *
 * @example
 * ```ts
 * import { Codex, CodexError } from "codexkit";
 *
 * const codex = new Codex();
 * try {
 *   await codex.startThread().run("Summarise the repository");
 * } catch (error) {
 *   if (CodexError.isInstance(error) && error.retryable === true) console.error("try again later:", error.code);
 *   else throw error;
 * }
 * ```
 */
export class CodexError extends Error {
  override name = "CodexError";
  readonly code: ErrorCode;
  readonly retryable: boolean | undefined;
  readonly threadId: string | null;
  readonly turnId: string | null;

  constructor(code: ErrorCode, message: string, options: CodexErrorOptions = {}) {
    super(boundText(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.threadId = options.threadId ?? null;
    this.turnId = options.turnId ?? null;
    Object.defineProperty(this, marker, { value: true, enumerable: false });
  }

  /** Returns true for every error of codexkit, including one of another copy of the package in the same program. */
  static isInstance(value: unknown): value is CodexError {
    return typeof value === "object" && value !== null && marker in value;
  }

  /** Returns the error as plain data for a log line, without stack and cause. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, retryable, threadId, turnId } = this;
    return { name, code, message, retryable, threadId, turnId };
  }
}
