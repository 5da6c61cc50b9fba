import type { JsonValue } from "../../internal/json.js";

/** A part of a tool's output. */
export type ToolOutputPart =
  | { readonly type: "text"; readonly text: string }
  /** An image as a data URL, the only form codex accepts: `data:image/png;base64,...`. */
  | { readonly type: "image"; readonly dataUrl: string }
  /** An image as bytes. Default for `mediaType`: detected from the bytes. */
  | { readonly type: "image"; readonly data: Uint8Array; readonly mediaType?: string | undefined };

/** An output of several parts, in order. Created by {@link toolOutput}, which marks it, so that no plain object is mistaken for it. */
export interface ToolOutput {
  readonly parts: readonly ToolOutputPart[];
}

/**
 * The result of `execute`: a string, any other JSON value (sent as JSON text), nothing, or parts with text and images.
 */
export type ToolResult = string | JsonValue | undefined | ToolOutput;

/**
 * Creates a tool output of several parts, such as text and images. A string is a text part. Images are PNG, JPEG, GIF or
 * WebP, at most 20 MB in total for one call.
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

/** Returns true for a value of {@link toolOutput}, also one from another copy of the package. */
export function isToolOutput(value: unknown): value is ToolOutput {
  return typeof value === "object" && value !== null && marker in value;
}

const marker = Symbol.for("codexkit.toolOutput");
