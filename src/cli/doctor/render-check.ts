import type { Colour, Paint } from "../paint.js";
import type { Check } from "./check.js";

const colours: Readonly<Record<Check["status"], Colour>> = { ok: "green", warn: "yellow", fail: "red" };

/** A check as a line, and its advice as a second one. */
export function renderCheck({ name, status, summary, advice }: Check, paint: Paint): string {
  const line = `${paint(colours[status], status.padEnd(4))}  ${name.padEnd(10)}  ${summary}\n`;
  return advice === undefined ? line : `${line}${" ".repeat(18)}${paint("dim", advice)}\n`;
}
