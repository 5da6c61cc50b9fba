import { stripVTControlCharacters } from "node:util";

/** Characters without a shape that change the order or the meaning of the others: direction marks, joiners of words, tags, line separators. */
const invisible = /[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Returns the text without control sequences, which could move the cursor or change colours, and with invisible characters
 * escaped, such as `\u202e`, which shows the rest of a line backwards.
 */
export function toPrintable(text: string): string {
  return (
    stripVTControlCharacters(text)
      // eslint-disable-next-line no-control-regex -- it removes control characters
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
      .replace(invisible, escapeCharacter)
  );
}

/** Renders a value as a line of JSON without control characters and invisible ones. JSON itself escapes only those below U+0020. */
export function toJsonLine(value: object): string {
  return `${JSON.stringify(value)
    .replace(/[\u007f-\u009f]/g, escapeCharacter)
    .replace(invisible, escapeCharacter)}\n`;
}

/** Returns the character as JSON escapes it, one escape for each code unit. */
function escapeCharacter(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}
