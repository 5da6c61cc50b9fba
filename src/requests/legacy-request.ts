import type { MadeDecision } from "../approvals/interruptions.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";
import type { FileChange } from "../protocol/index.js";
import type { ApprovalCodec } from "./approval-codec.js";
import { readText, readTexts } from "./read-field.js";

/** `execCommandApproval`, which codex sends to older clients. It has the kind `command`. */
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
      proposedBy: null,
    };
  },
  toResult: toReview,
};

/** `applyPatchApproval`, which codex sends to older clients. It has the kind `fileChange`; its params contain the changes. */
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
      return { decision: { denied: { rejection: reason ?? "The host program did not approve this." } } };
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

/** Quotes a word of a command line, as codex does, so that the joined line can be split again. */
function quoteWord(word: string): string {
  return /^[A-Za-z0-9_%+,./:=@-]+$/.test(word) && !word.startsWith("=") ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
