import { boundText, headOf, joinEnds, maxMessage, tailOf } from "../../errors/bound-text.js";
import type { Redact } from "./redact.js";

/** The room at the cut, in which a secret that the cut divides is still recognised. */
const margin = 4_096;

/**
 * Returns the text without secrets and bounded, like `boundText`. A text of 50 MB is cut before it is searched, and again
 * afterwards.
 */
export function redactBounded(text: string, redact: Redact, max = maxMessage): string {
  if (text.length <= max + margin) return boundText(redact(text), max);
  const [head, tail] = [Math.floor((max * 3) / 4), Math.floor(max / 4)];
  const start = headOf(redact(headOf(text, head + margin)), head);
  const end = tailOf(redact(tailOf(text, tail + margin)), tail);
  return joinEnds(start, end, text.length);
}
