import { resolve } from "node:path";
import type { JsonObject } from "../../../internal/json.js";
import type { FileUpdateChange } from "../../../protocol/generated/types.js";
import { askApproval } from "./ask-approval.js";
import type { CallingTurn, PlannedCall } from "./calling-turn.js";

/** Plays a patch: asks for an approval if codex would, then reports the declared outcome. Resolves with its output. */
export async function playPatch(patch: string, { callId, outcome }: PlannedCall, turn: CallingTurn): Promise<string> {
  const { writer } = turn;
  const { cwd, sandbox, approvalPolicy } = writer.thread.settings;
  const isReadOnly = sandbox.type === "readOnly";
  if (isReadOnly && approvalPolicy === "never") {
    return "patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings";
  }
  const changes = patchChanges(patch, cwd);
  writer.start({ type: "fileChange", id: callId, changes, status: "inProgress" });
  if (approvalPolicy === "untrusted" || isReadOnly) {
    const params: JsonObject = { itemId: callId, startedAtMs: Date.now(), reason: null, grantRoot: null };
    const decision = await askApproval("item/fileChange/requestApproval", params, turn);
    if (turn.signal.aborted) return "";
    if (decision !== "accept") {
      const status = decision === "decline" ? "declined" : "failed";
      writer.complete({ type: "fileChange", id: callId, changes, status });
      return decision === "decline" ? "patch rejected by user" : "approval request failed";
    }
  }
  await outcome.hold?.wait(turn.signal);
  if (turn.signal.aborted) return "";
  const status = outcome.status ?? "completed";
  writer.complete({ type: "fileChange", id: callId, changes, status });
  if (status === "completed") writer.port.notify("turn/diff/updated", { ...writer.ids, diff: turnDiff(changes) });
  return outcome.output ?? (status === "completed" ? "Success. Updated the files." : "Failed to apply the patch.");
}

const header = /^\*\*\* (Add|Update|Delete) File: (.*)$/;

/** Returns the changes of a patch in codex's format, one per file, each with the diff that codex reports. */
function patchChanges(patch: string, cwd: string): FileUpdateChange[] {
  const changes: { path: string; kind: FileUpdateChange["kind"]; lines: string[] }[] = [];
  for (const text of patch.split("\n")) {
    const [, action, path = ""] = header.exec(text) ?? [];
    if (action !== undefined) changes.push({ path: resolve(cwd, path), kind: kindOf(action), lines: [] });
    else if (!text.startsWith("*** ")) changes.at(-1)?.lines.push(text);
  }
  return changes.map(({ path, kind, lines }) => ({ path, kind, diff: diffOf(kind, lines) }));
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

function turnDiff(changes: readonly FileUpdateChange[]): string {
  return changes.map(({ path, diff }) => `diff --git a${path} b${path}\n${diff}`).join("");
}
