import type { JsonObject } from "../../internal/json.js";
import type { ToolOutcome } from "../../protocol/index.js";
import type { ServedToolResult } from "../tool-server.js";
import { isError } from "../../internal/is-error.js";

/** The end of a call: the result for codex, and the outcome and message of `codexkit.tool.completed`. */
export interface CallEnd extends ServedToolResult {
  readonly outcome: ToolOutcome;
  /** `null` if the call succeeded with its whole result. */
  readonly message: string | null;
}

/** Returns the end of a failed call. The model sees `contentItems`, or else the message. */
export function failedEnd(outcome: ToolOutcome, message: string, contentItems?: readonly JsonObject[]): CallEnd {
  const { item } = textItem(message, maxMessageLength);
  return { outcome, message: item.text, success: false, contentItems: contentItems ?? [item] };
}

const maxMessageLength = 8_000;

/** Mirrors the app-server's `DynamicToolCallOutputContentItem`. */
interface TextItem extends JsonObject {
  readonly type: "inputText";
  readonly text: string;
}

/**
 * Returns the text in the form that codex accepts. Text over `limit` characters is cut in its middle, and a note states the
 * number of characters left out. Lone surrogates are replaced, because codex's parser would reject the whole line.
 */
export function textItem(text: string, limit: number): { readonly item: TextItem; readonly leftOut: number } {
  if (typeof text !== "string") throw new Error("a text part of its output has no `text`");
  const leftOut = Math.max(0, text.length - limit);
  const half = Math.ceil(limit / 2);
  const note = `\n[... ${leftOut} characters left out ...]\n`;
  const whole = leftOut === 0 ? text : text.slice(0, half) + note + text.slice(text.length - (limit - half));
  return { item: { type: "inputText", text: whole.replace(/\p{Surrogate}/gu, "\uFFFD") }, leftOut };
}

/** Returns the message of a thrown value, or `null` if it has none. Never throws, even if reading the value throws. */
export function errorText(error: unknown): string | null {
  try {
    if (typeof error === "string") return error;
    if (!isError(error)) return null;
    const text: unknown = error.message === "" ? error.name : error.message;
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}
