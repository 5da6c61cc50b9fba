/**
 * Returns true for an error of any realm. The errors of Node's own modules, or of a test under jest, are of another realm than
 * this file if it runs in a `vm` context: `instanceof Error` is false for them.
 */
export function isError(value: unknown): value is Error {
  return errorTags.has(tagOf(value));
}

/** Returns the `code` of a system error, such as `ENOENT`, or null if the value has none. */
export function systemCodeOf(error: unknown): string | null {
  return isError(error) && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Returns the name of the value's built-in class, such as `Map`, in any realm. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

const errorTags: ReadonlySet<string> = new Set(["Error", "DOMException"]);
