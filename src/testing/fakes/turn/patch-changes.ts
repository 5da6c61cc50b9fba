import { resolve } from "node:path";
import type { FileUpdateChange } from "../../../protocol/generated/types.js";

const header = /^\*\*\* (Add|Update|Delete) File: (.*)$/;

/** The files that a patch in codex's format touches, each with its diff as codex shows it. */
export function patchChanges(patch: string, cwd: string): FileUpdateChange[] {
  const changes: { path: string; kind: FileUpdateChange["kind"]; lines: string[] }[] = [];
  for (const text of patch.split("\n")) {
    const [, action, path = ""] = header.exec(text) ?? [];
    if (action !== undefined) changes.push({ path: resolve(cwd, path), kind: kindOf(action), lines: [] });
    else if (!text.startsWith("*** ")) changes.at(-1)?.lines.push(text);
  }
  return changes.map(({ path, kind, lines }) => ({ path, kind, diff: diffOf(kind, lines) }));
}

/** The diff of a whole turn, made of its changes. */
export function turnDiff(changes: readonly FileUpdateChange[]): string {
  return changes.map(({ path, diff }) => `diff --git a${path} b${path}\n${diff}`).join("");
}

function kindOf(action: string): FileUpdateChange["kind"] {
  if (action === "Add") return { type: "add" };
  return action === "Delete" ? { type: "delete" } : { type: "update", move_path: null };
}

function diffOf(kind: FileUpdateChange["kind"], lines: readonly string[]): string {
  const shown = kind.type === "add" ? lines.map((text) => text.replace(/^\+/, "")) : lines;
  const text = shown.join("\n");
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
