import type { Redact } from "./redact.js";

/** The longest message of an error or of an event's error, in characters. */
export const maxMessage = 32_768;

/** The room around the cut, in which a secret that would be cut in half is still recognised. */
const margin = 4_096;

/** Returns the text if it has at most `max` characters, else its first three quarters and its end, with the number of omitted characters. */
export function boundText(text: string, max = maxMessage): string {
  if (text.length <= max) return text;
  const [head, tail] = ends(text, Math.floor((max * 3) / 4), Math.floor(max / 4));
  return `${head} [${text.length - head.length - tail.length} characters omitted] ${tail}`;
}

/** Returns the text without secrets and bounded. Cuts it before it is searched, since a message may have 50 MB, and again afterwards. */
export function redactBounded(text: string, redact: Redact, max = maxMessage): string {
  if (text.length <= max + margin) return boundText(redact(text), max);
  const half = Math.floor((max * 3) / 4) + margin;
  const [head, tail] = ends(text, half, Math.floor(max / 4) + margin);
  const [start] = ends(redact(head), Math.floor((max * 3) / 4), 0);
  const [, end] = ends(redact(tail), 0, Math.floor(max / 4));
  return `${start} [${text.length - start.length - end.length} characters omitted] ${end}`;
}

/** Returns the beginning and the end of the text. Neither contains half of a surrogate pair. */
function ends(text: string, head: number, tail: number): readonly [head: string, tail: string] {
  const start = text.slice(0, head).replace(/[\ud800-\udbff]$/, "");
  const end = tail === 0 ? "" : text.slice(-tail).replace(/^[\udc00-\udfff]/, "");
  return [start, end];
}
