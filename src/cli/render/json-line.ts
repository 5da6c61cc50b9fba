/** A value as a line of JSON that no terminal obeys: JSON itself leaves the controls from U+007F to U+009F as they are. */
export function toJsonLine(value: object): string {
  return `${JSON.stringify(value).replace(/[\u007f-\u009f]/g, escape)}\n`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
