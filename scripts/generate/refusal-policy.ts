type Refusal =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly error: { readonly code: number; readonly message: string } };

const unsupported = (what: string): Refusal => ({ error: { code: -32601, message: `The host cannot ${what}.` } });

/**
 * How each request of the server is refused when nobody answers it: the mildest "no" its own response type has, so that
 * the turn goes on. Where the type has no "no", a JSON-RPC error. A method of the binary missing here fails the generation.
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
