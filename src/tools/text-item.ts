import type { JsonObject } from "../internal/json.js";

/** Mirrors the app-server's `DynamicToolCallOutputContentItem`. */
export interface TextItem extends JsonObject {
  readonly type: "inputText";
  readonly text: string;
}

/**
 * Text as codex takes it: cut in its middle to `limit` characters, with a note of what is left out, and without halves of
 * characters, which the parser of codex would refuse with the whole line.
 */
export function textItem(text: string, limit: number): { readonly item: TextItem; readonly leftOut: number } {
  if (typeof text !== "string") throw new Error("a text part of its output has no text");
  const leftOut = Math.max(0, text.length - limit);
  const half = Math.ceil(limit / 2);
  const note = `\n[... ${leftOut} characters left out ...]\n`;
  const whole = leftOut === 0 ? text : text.slice(0, half) + note + text.slice(text.length - (limit - half));
  return { item: { type: "inputText", text: whole.replace(/\p{Surrogate}/gu, "\uFFFD") }, leftOut };
}
