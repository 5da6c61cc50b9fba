/** The longest message of an error or of an event's error, in characters. */
export const maxMessage = 32_768;

/** Returns the text if it has at most `max` characters, else its first three quarters and its end, with the number of omitted characters. */
export function boundText(text: string, max = maxMessage): string {
  if (text.length <= max) return text;
  return joinEnds(headOf(text, Math.floor((max * 3) / 4)), tailOf(text, Math.floor(max / 4)), text.length);
}

/** Returns both ends of a text of `length` characters, with the number of omitted characters in between. */
export function joinEnds(head: string, tail: string, length: number): string {
  return `${head} [${length - head.length - tail.length} characters omitted] ${tail}`;
}

/** Returns the beginning of the text, without half of a surrogate pair. */
export function headOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** Returns the end of the text, without half of a surrogate pair. */
export function tailOf(text: string, length: number): string {
  return text.slice(text.length - Math.min(length, text.length)).replace(/^[\udc00-\udfff]/, "");
}
