import { styleText } from "node:util";

export type Colour = "bold" | "cyan" | "dim" | "green" | "red" | "yellow";

/** Gives a text a colour, or leaves it as it is where colours are off. */
export type Paint = (colour: Colour, text: string) => string;

export interface PaintTarget {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours only for a terminal that can show them, and not where `NO_COLOR` is set to anything but the empty text. */
export function createPaint({ isTTY, env }: PaintTarget): Paint {
  const isOn = isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  // The stream was judged above; Node's own judgement would look at the process's stdout instead.
  if (isOn) return (colour, text) => styleText(colour, text, { validateStream: false });
  return (_colour, text) => text;
}
