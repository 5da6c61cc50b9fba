import type { JsonObject } from "../../internal/json.js";
import type { ToolOutcome } from "../../protocol/index.js";
import type { HostedToolResult } from "../tool-host.js";

/** How a call ended: what codex is answered, and what the stream is told. */
export interface CallEnd extends HostedToolResult {
  readonly outcome: ToolOutcome;
  /** Null where there is nothing to tell. */
  readonly message: string | null;
}

/** The end of a call that did not succeed. The model is told the message, unless there is something better. */
export function failedEnd(outcome: ToolOutcome, message: string, contentItems?: readonly JsonObject[]): CallEnd {
  const { item } = textItem(message, maxMessageLength);
  return { outcome, message: item.text, success: false, contentItems: contentItems ?? [item] };
}

const maxMessageLength = 8_000;

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

/** What an error says, or null where it says nothing. Never throws, whatever was thrown: one may fail when it is read. */
export function errorText(error: unknown): string | null {
  try {
    if (typeof error === "string") return error;
    if (!(error instanceof Error)) return null;
    const said: unknown = error.message === "" ? error.name : error.message;
    return typeof said === "string" ? said : null;
  } catch {
    return null;
  }
}
