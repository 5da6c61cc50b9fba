import type { JsonValue } from "../internal/json.js";

/** A part of what a tool gives the model. */
export type ToolOutputPart =
  | { readonly type: "text"; readonly text: string }
  /** An image by its data URL, which is all codex takes: `data:image/png;base64,...`. */
  | { readonly type: "image"; readonly dataUrl: string }
  /** An image by its bytes; the media type is read from them where it is not given. */
  | { readonly type: "image"; readonly data: Uint8Array; readonly mediaType?: string | undefined };

/** Several parts, in order. Made by {@link toolOutput}, so that no JSON of a tool's own is mistaken for it. */
export interface ToolOutput {
  readonly parts: readonly ToolOutputPart[];
}

/**
 * What `execute` may return: text as it is, any JSON value as JSON text, nothing at all, or parts with text and images.
 */
export type ToolResult = string | JsonValue | undefined | ToolOutput;
