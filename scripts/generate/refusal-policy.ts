type Refusal =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly error: { readonly code: number; readonly message: string } };

const unsupported = (what: string): Refusal => ({ error: { code: -32601, message: `The host cannot ${what}.` } });

/**
 * The refusal of each server request without a handler: the mildest refusal of its response type, so that the turn
 * continues. If the type has no refusal, a JSON-RPC error. The generation fails for a method of the binary that is
 * missing here.
 */
export const refusalPolicy: Readonly<Record<string, Refusal>> = {
  "account/chatgptAuthTokens/refresh": unsupported("refresh ChatGPT tokens"),
  applyPatchApproval: { result: { decision: { denied: { rejection: "The host did not approve this." } } } },
  "attestation/generate": unsupported("generate an attestation"),
  "currentTime/read": unsupported("tell the time"),
  execCommandApproval: { result: { decision: { denied: { rejection: "The host did not approve this." } } } },
  "item/commandExecution/requestApproval": { result: { decision: "decline" } },
  "item/fileChange/requestApproval": { result: { decision: "decline" } },
  "item/permissions/requestApproval": { result: { permissions: {}, scope: "turn" } },
  "item/tool/call": {
    result: { contentItems: [{ type: "inputText", text: "The host did not run this tool." }], success: false },
  },
  "item/tool/requestUserInput": { result: { answers: {} } },
  "mcpServer/elicitation/request": { result: { action: "decline", content: null, _meta: null } },
};
