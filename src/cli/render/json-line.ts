/** Renders a value as a line of JSON without control characters. JSON itself does not escape U+007F to U+009F. */
export function toJsonLine(value: object): string {
  return `${JSON.stringify(value).replace(/[\u007f-\u009f]/g, escape)}\n`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
