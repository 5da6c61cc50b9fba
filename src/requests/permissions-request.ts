import type { ApprovalCodec } from "./approval-codec.js";
import { readObject, readText } from "./read-field.js";

/** `item/permissions/requestApproval`. An empty grant is codex's "no". */
export const permissionsRequest: ApprovalCodec = {
  cancelsItself: false,
  toRequest(params, { base }) {
    const permissions = readObject(params["permissions"]);
    const workingDirectory = readText(params["cwd"]);
    if (permissions === null || workingDirectory === null) return null;
    return { ...base, kind: "permissions", permissions, workingDirectory };
  },
  toResult(decision) {
    switch (decision.decision) {
      case "accept":
        return { permissions: decision.permissions ?? {}, scope: "turn" };
      case "acceptForSession":
        return { permissions: decision.permissions ?? {}, scope: "session" };
      default:
        return { permissions: {}, scope: "turn" };
    }
  },
};
