import { CodexError } from "../index.js";

/** An error as the result of a command holds it. */
export interface ResultError {
  /** Null for what is no error of codexkit's. */
  readonly code: string | null;
  readonly message: string;
}

export function toResultError(error: unknown): ResultError {
  if (CodexError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}
