import { isJsonObject, type JsonValue, parseJson } from "../../internal/json.js";

/**
 * Returns the JSON value of the answer, or undefined if there is none. `texts` are the messages of the turn that can be the
 * answer, the last one first. The answer is the last message that is a JSON object: a model may add a closing message, and
 * exec does not report which message is commentary. A byte order mark and one enclosing code fence are ignored.
 */
export function readAnswer(texts: readonly string[]): JsonValue | undefined {
  let other: JsonValue | undefined;
  for (const text of texts) {
    const value = parseJson(withoutFence(text));
    if (isJsonObject(value)) return value;
    other ??= value;
  }
  return other;
}

/** Returns the content of the code fence if the whole text is one. `trim` removes a byte order mark, too. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith("```") || !trimmed.endsWith("```")) return trimmed;
  const firstLine = trimmed.indexOf("\n");
  const content = firstLine === -1 ? "" : trimmed.slice(firstLine + 1, -3);
  return /^```+[\w-]*\s*$/.test(trimmed.slice(0, firstLine)) ? content : trimmed;
}
