import type { CodexError } from "./codex-error.js";

const results = new WeakMap<Error, object>();

/**
 * Returns a copy of the error with the result of one turn attached. If the error has no thread id or turn id, the copy has
 * those of the turn. The error itself is not changed, because several turns may fail with it when their process dies.
 */
export function attachResult<E extends CodexError>(error: E, result: object): E {
  if (results.get(error) === result) return error;
  const copy = copyOf(error);
  results.set(copy, result);
  const known = new Map<string, unknown>(Object.entries(result));
  for (const key of ["threadId", "turnId"] as const) {
    const id = known.get(key);
    if (copy[key] === null && typeof id === "string") Object.defineProperty(copy, key, { value: id });
  }
  return copy;
}

/** Returns the result that was attached to the error, or undefined. */
export function attachedResult(error: Error): unknown {
  return results.get(error);
}

/** Returns a real error for `structuredClone` and `Error.isError`, with the same class and the same stack. */
function copyOf<E extends CodexError>(error: E): E {
  const copy = Object.defineProperties(new Error(error.message), Object.getOwnPropertyDescriptors(error));
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(error));
  return isSameClass(copy, error) ? copy : error;
}

function isSameClass<E extends CodexError>(value: Error, error: E): value is E {
  return Reflect.getPrototypeOf(value) === Reflect.getPrototypeOf(error);
}
