import { expect, test } from "vitest";
import { allowSandboxed } from "../../../../src/approvals/rules/allow-sandboxed.js";
import { samples, shell } from "../sample-requests.js";

test("[T3] allowSandboxed declines every request to leave the sandbox and has no verdict for others", () => {
  const kinds = Object.fromEntries(
    Object.values(samples).map((request) => [request.kind, allowSandboxed().decide(request).kind]),
  );
  expect(kinds).toEqual({
    command: "deny",
    fileChange: "deny",
    permissions: "deny",
    mcpTool: "none",
    elicitation: "none",
    userInput: "none",
    tool: "none",
  });
});

test("[T3] allowSandboxed returns a reason that is true for commands inside and outside the sandbox", () => {
  expect(allowSandboxed().decide(shell("npm test"))).toMatchObject({
    reason: expect.stringMatching(/^Commands that need an approval are declined: /) as unknown,
  });
});
