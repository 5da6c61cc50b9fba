import { isError } from "../is-error.js";

/** Returns the name and message of a thrown value in one short line. Cuts it last, because half a secret would not be recognised. */
export function describeThrown(error: unknown, redact: (text: string) => string): string {
  try {
    const text = isError(error) ? `${error.name}: ${error.message}` : `not an error, but a ${typeof error}`;
    return redact(text.slice(0, 10_000)).replace(/\s+/g, " ").slice(0, 200);
  } catch {
    return "an error that cannot be read";
  }
}
