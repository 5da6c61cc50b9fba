import type { JsonValue } from "../../internal/json.js";

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

/**
 * What a tool returns that gives the model images, or several parts. A string among the parts is text. Images are PNG,
 * JPEG, GIF or WebP; all of a call's together may have 20 MB.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { tool, toolOutput } from "codexkit";
 *
 * const screenshot = tool({
 *   name: "screenshot",
 *   description: "Shows the page as it is now.",
 *   execute: async () => toolOutput(["The page:", { type: "image", data: await readFile("page.png") }]),
 * });
 * ```
 */
export function toolOutput(parts: readonly (ToolOutputPart | string)[]): ToolOutput {
  const whole = parts.map((part): ToolOutputPart => (typeof part === "string" ? { type: "text", text: part } : part));
  return Object.defineProperty({ parts: whole }, marker, { value: true });
}

/** True for what {@link toolOutput} made, in any copy of the package. */
export function isToolOutput(value: unknown): value is ToolOutput {
  return typeof value === "object" && value !== null && marker in value;
}

const marker = Symbol.for("codexkit.toolOutput");
