import { CodexError, type CodexErrorOptions } from "./codex-error.js";
import type { ErrorCode } from "./error-codes.js";

type OptionErrorCode = Extract<
  ErrorCode,
  | "DUPLICATE_TOOL"
  | "IMAGE_UNREADABLE"
  | "INPUT_EMPTY"
  | "INPUT_TOO_LARGE"
  | "INVALID_INPUT"
  | "INVALID_OPTION"
  | "INVALID_SCHEMA"
  | "INVALID_STATE"
  | "INVALID_THREAD_ID"
  | "INVALID_TOOL"
  | "NOT_A_GIT_REPOSITORY"
  | "UNKNOWN_OPTION"
  | "WORKING_DIRECTORY_MISSING"
>;

/** An option or an input is invalid. Thrown before anything is sent to codex; `option` is the name of the option. */
export class OptionError extends CodexError {
  override name = "OptionError";
  readonly option: string;

  constructor(code: OptionErrorCode, option: string, message: string, options: CodexErrorOptions = {}) {
    super(code, message, { ...options, retryable: false });
    this.option = option;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), option: this.option };
  }
}
