import type { CodexError } from "./codex-error.js";

const results = new WeakMap<Error, object>();

/**
 * The error as one turn has it: a copy that remembers what the turn had done, and names the turn's thread where the error
 * names none. The error itself is not changed: others may have it, too, as when the process that they share dies.
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

/** What was attached to the error, or undefined. */
export function attachedResult(error: Error): unknown {
  return results.get(error);
}

/** A real error, as `structuredClone` and `Error.isError` see it, of the same class and with the same stack. */
function copyOf<E extends CodexError>(error: E): E {
  const copy = Object.defineProperties(new Error(error.message), Object.getOwnPropertyDescriptors(error));
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(error));
  return isSameClass(copy, error) ? copy : error;
}

function isSameClass<E extends CodexError>(value: unknown, error: E): value is E {
  return value instanceof Error && Reflect.getPrototypeOf(value) === Reflect.getPrototypeOf(error);
}
