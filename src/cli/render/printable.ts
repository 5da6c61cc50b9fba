import { stripVTControlCharacters } from "node:util";

/** Removes control sequences from a text of the model or of a command: they could move the cursor or change colours. */
export function toPrintable(text: string): string {
  // eslint-disable-next-line no-control-regex -- it removes control characters
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}
