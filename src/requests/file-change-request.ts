import type { ApprovalCodec } from "./approval-codec.js";
import { readText } from "./read-field.js";

/** `item/fileChange/requestApproval`. It has no diff: the changes are those of its item. On `cancel` codex ends the turn itself. */
export const fileChangeRequest: ApprovalCodec = {
  cancelsItself: true,
  toRequest(params, { base, changes, workingDirectory }) {
    return { ...base, kind: "fileChange", changes, workingDirectory, grantRoot: readText(params["grantRoot"]) };
  },
  toResult({ decision }) {
    switch (decision) {
      case "accept":
      case "acceptForSession":
      case "cancel":
        return { decision };
      default:
        return { decision: "decline" };
    }
  },
};
