/** Quotes a word of a command like codex: unquoted if that is safe, else as the smallest number of quoted pieces. */
export function quoteWord(word: string): string {
  if (word === "") return "''";
  const pieces: string[] = [];
  for (let rest = Array.from(word); rest.length > 0;) {
    const { length, style } = longestPiece(rest);
    pieces.push(quotePiece(rest.slice(0, length).join(""), style));
    rest = rest.slice(length);
  }
  return pieces.join("");
}

type Style = "bare" | "single" | "double";

const fits: readonly { readonly style: Style; readonly pattern: RegExp }[] = [
  { style: "bare", pattern: /^[\w+\-./:@\]]$/ },
  { style: "single", pattern: /^[^'\\]$/u },
  { style: "double", pattern: /^[^`$!^]$/u },
];

function longestPiece(characters: readonly string[]): { readonly length: number; readonly style: Style } {
  let styles = fits;
  let length = 0;
  for (const character of characters) {
    const left = styles.filter(({ pattern }) => pattern.test(character));
    if (left.length === 0) break;
    styles = left;
    length += 1;
  }
  return { length: Math.max(1, length), style: styles[0]?.style ?? "single" };
}

function quotePiece(text: string, style: Style): string {
  if (style === "bare") return text;
  return style === "single" ? `'${text}'` : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
