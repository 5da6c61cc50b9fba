import { stripVTControlCharacters } from "node:util";

/** A text of the model or of a command without what would move the terminal's cursor or change its colours. */
export function toPrintable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}
