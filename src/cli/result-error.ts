import { CodexError } from "../index.js";

/** The error of a command in its JSON result. */
export interface ResultError {
  /** Null if the error is not a `CodexError`. */
  readonly code: string | null;
  readonly message: string;
}

export function toResultError(error: unknown): ResultError {
  if (CodexError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}
