import type { CodexError } from "./codex-error.js";

const results = new WeakMap<Error, object>();
/** By result: the copies that were made for the turns after the first. */
const copies = new WeakMap<object, CodexError>();
const ids = ["threadId", "turnId"] as const;

/**
 * The error as one turn has it: it remembers what the turn had done, and names the turn's thread where it names none. An
 * error that ends several turns at once, as the death of the process they share does, is copied for each but the first.
 */
export function attachResult<E extends CodexError>(error: E, result: object): E {
  const known = results.get(error);
  if (known === result) return error;
  if (known === undefined) return remember(error, result);
  const copied = copies.get(result);
  // One turn ends by one error only.
  if (isCopyOf(copied, error)) return copied;
  const copy = remember(copyOf(error, known), result);
  copies.set(result, copy);
  return copy;
}

/** What was attached to the error, or undefined. */
export function attachedResult(error: Error): unknown {
  return results.get(error);
}

function remember<E extends CodexError>(error: E, result: object): E {
  results.set(error, result);
  for (const key of ids) {
    const id = idOf(result, key);
    if (error[key] === null && id !== null) Object.defineProperty(error, key, { value: id });
  }
  return error;
}

function idOf(result: object, key: string): string | null {
  const id = new Map<string, unknown>(Object.entries(result)).get(key);
  return typeof id === "string" ? id : null;
}

/** A copy that does not name the thread of the turn that had the error first. */
function copyOf<E extends CodexError>(error: E, firstResult: object): E {
  const copy = Object.defineProperties(new Error(error.message), Object.getOwnPropertyDescriptors(error));
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(error));
  if (!isCopyOf(copy, error)) return error;
  for (const key of ids) if (copy[key] === idOf(firstResult, key)) Object.defineProperty(copy, key, { value: null });
  return copy;
}

function isCopyOf<E extends CodexError>(value: unknown, error: E): value is E {
  return value instanceof Error && Reflect.getPrototypeOf(value) === Reflect.getPrototypeOf(error);
}
