import { customToolCall, type CustomToolCallItem, type CustomToolCallOptions } from "./model-items.js";

/** The section of one file in a patch of codex's own format. */
export interface PatchSection {
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  readonly text: string;
}

/**
 * Creates a file change: a call of codex's tool `apply_patch` with these sections, or with a whole patch text.
 *
 * @example
 * ```ts
 * import { addFile, message, patch, respond, updateFile } from "codexkit/testing";
 *
 * const steps = [
 *   respond(patch([addFile("hello.txt", "hello\n"), updateFile("count.txt", "one\n", "two\n")])),
 *   respond(message("Two files changed.")),
 * ];
 * ```
 */
export function patch(content: string | readonly PatchSection[], options?: CustomToolCallOptions): CustomToolCallItem {
  const body = typeof content === "string" ? content : content.map((section) => section.text).join("");
  const text = body.startsWith("*** Begin Patch") ? body : `*** Begin Patch\n${body}*** End Patch\n`;
  return customToolCall("apply_patch", text, options);
}

/** Creates a section that adds a file with this content. */
export function addFile(path: string, content: string): PatchSection {
  return { path, kind: "add", text: `*** Add File: ${path}\n${prefixLines("+", content)}` };
}

/** Creates a section that replaces whole lines of a file. */
export function updateFile(path: string, before: string, after: string): PatchSection {
  const change = `@@\n${prefixLines("-", before)}${prefixLines("+", after)}`;
  return { path, kind: "update", text: `*** Update File: ${path}\n${change}` };
}

/** Creates a section that deletes a file. */
export function deleteFile(path: string): PatchSection {
  return { path, kind: "delete", text: `*** Delete File: ${path}\n` };
}

function prefixLines(prefix: string, text: string): string {
  if (text === "") return "";
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  return lines.map((line) => `${prefix}${line}\n`).join("");
}
