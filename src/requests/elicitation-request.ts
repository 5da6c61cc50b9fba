import { wantsNothing } from "../approvals/rules/approval-rule.js";
import type { ApprovalCodec } from "./approval-codec.js";
import { readObject, readText } from "./read-field.js";

/** `mcpServer/elicitation/request`: a server's question to the user, or codex's own whether a server's tool may run. */
export const elicitationRequest: ApprovalCodec = {
  cancelsItself: false,
  toRequest(params, { base }) {
    const server = readText(params["serverName"]);
    const mode = readText(params["mode"]);
    if (server === null || mode === null) return null;
    const message = readText(params["message"]) ?? readText(params["description"]) ?? "";
    const meta = readObject(params["_meta"]);
    const schema = readObject(params["requestedSchema"]);
    // A server can write the same into its own question, which asks for more.
    if (meta?.["codex_approval_kind"] === "mcp_tool_call" && wantsNothing(mode, schema)) {
      const tool = readText(meta["tool_name"]);
      if (tool === null) return null;
      return { ...base, kind: "mcpTool", server, tool, arguments: meta["tool_params"] ?? null, message };
    }
    return { ...base, kind: "elicitation", server, mode, message, schema, url: readText(params["url"]) };
  },
  toResult(decision, { kind }) {
    switch (decision.decision) {
      case "accept":
        return { action: "accept", content: decision.content ?? (kind === "mcpTool" ? {} : null), _meta: null };
      case "acceptForSession":
        return { action: "accept", content: {}, _meta: { persist: "session" } };
      case "cancel":
        return { action: "cancel", content: null, _meta: null };
      default:
        return { action: "decline", content: null, _meta: null };
    }
  },
};
