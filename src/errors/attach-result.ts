import type { CodexError } from "./codex-error.js";

const results = new WeakMap<Error, unknown>();

/** Remembers what a turn had done when this error ended it. The first one given stays. */
export function attachResult<E extends CodexError>(error: E, result: unknown): E {
  if (!results.has(error)) results.set(error, result);
  return error;
}

/** What was attached to the error, or undefined. */
export function attachedResult(error: Error): unknown {
  return results.get(error);
}
