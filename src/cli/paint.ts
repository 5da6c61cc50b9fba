import { styleText } from "node:util";

export type Colour = "bold" | "cyan" | "dim" | "green" | "red" | "yellow";

/** Adds a colour to a text. Returns the text unchanged if colours are off. */
export type Paint = (colour: Colour, text: string) => string;

export interface PaintTarget {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours are on for a terminal that supports them, unless `NO_COLOR` is set to a non-empty text. */
export function createPaint({ isTTY, env }: PaintTarget): Paint {
  const isOn = isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  // Node's own check would test the process's stdout, not this stream.
  if (isOn) return (colour, text) => styleText(colour, text, { validateStream: false });
  return (_colour, text) => text;
}
