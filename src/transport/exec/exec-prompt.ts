import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import type { TurnInputPart } from "../transport.js";

/** The texts of the input, as codex exec reads them from its stdin. */
export function promptOf(input: readonly TurnInputPart[]): string {
  const texts: string[] = [];
  for (const part of input) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type !== "localImage") {
      throw new UnsupportedFeatureError(`Input of type "${part.type}"`, "exec", 'use `transport: "app-server"`.');
    }
  }
  return texts.every((text) => text.trim() === "") ? "" : texts.join("\n\n");
}

/** The files for `--image`. */
export function imagesOf(input: readonly TurnInputPart[]): readonly string[] {
  return input.flatMap((part) => (part.type === "localImage" ? [part.path] : []));
}
