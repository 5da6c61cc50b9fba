import type { MadeDecision } from "../approvals/interruptions.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";
import type { FileChange } from "../protocol/index.js";
import type { ApprovalCodec } from "./approval-codec.js";
import { readText, readTexts } from "./read-field.js";

/** `execCommandApproval`, what older clients are asked: the same kind as today's. */
export const legacyCommandRequest: ApprovalCodec = {
  cancelsItself: true,
  toRequest(params, { base, workingDirectory }) {
    const words = readTexts(params["command"]);
    if (words === null) return null;
    return {
      ...base,
      kind: "command",
      command: words.map(quoteWord).join(" "),
      actions: [],
      workingDirectory: readText(params["cwd"]),
      threadDirectory: workingDirectory,
      action: "command",
      network: null,
      additionalPermissions: null,
      proposedAmendment: null,
    };
  },
  toResult: toReview,
};

/** `applyPatchApproval`, what older clients are asked: the same kind as today's, and the changes are in it. */
export const legacyPatchRequest: ApprovalCodec = {
  cancelsItself: true,
  toRequest(params, { base, workingDirectory }) {
    const { fileChanges } = params;
    if (!isJsonObject(fileChanges)) return null;
    const entries = Object.entries(fileChanges);
    const changes = entries.flatMap(([path, change]) => readChange(path, change) ?? []);
    if (changes.length < entries.length) return null;
    return { ...base, kind: "fileChange", changes, workingDirectory, grantRoot: readText(params["grantRoot"]) };
  },
  toResult: toReview,
};

/** Mirrors `ReviewDecision`. */
function toReview(decision: MadeDecision): JsonValue {
  switch (decision.decision) {
    case "accept":
      return { decision: "approved" };
    case "acceptForSession":
      return { decision: "approved_for_session" };
    case "cancel":
      return { decision: "abort" };
    default: {
      const reason = "reason" in decision ? decision.reason : undefined;
      return { decision: { denied: { rejection: reason ?? "The host did not approve this." } } };
    }
  }
}

function readChange(path: string, change: JsonObject[string]): FileChange | null {
  if (!isJsonObject(change)) return null;
  switch (change["type"]) {
    case "add":
    case "delete":
      return { path, kind: { type: change["type"] }, diff: readText(change["content"]) ?? "" };
    case "update":
      return {
        path,
        kind: { type: "update", move_path: readText(change["move_path"]) },
        diff: readText(change["unified_diff"]) ?? "",
      };
    default:
      return null;
  }
}

/** As codex joins the words of a process: quoted so that they can be told apart again. */
function quoteWord(word: string): string {
  return /^[A-Za-z0-9_%+,./:=@-]+$/.test(word) && !word.startsWith("=") ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
