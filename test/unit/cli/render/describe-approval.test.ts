import { expect, test } from "vitest";
import { describeApproval } from "../../../../src/cli/render/describe-approval.js";
import { innerCommand } from "../../../../src/cli/render/inner-command.js";

test.each([
  ["command", { command: "/bin/bash -lc 'git push'" }, "the command git push"],
  ["fileChange", { changes: [{ path: "/a" }, { path: "/b" }] }, "changes to /a, /b"],
  ["tool", { tool: "close", arguments: { id: 7 } }, 'the tool close({"id":7})'],
  ["mcpTool", { server: "tracker", tool: "close", arguments: null }, "the tool tracker.close(null)"],
  ["permissions", { permissions: { network: true } }, 'the permissions {"network":true}'],
  ["userInput", {}, "userInput"],
  ["command", { command: 3 }, "the command ?"],
  ["fileChange", { changes: ["odd"] }, "changes to ?"],
])("describes a request of kind %s", (kind, request, expected) => {
  expect(describeApproval({ kind, request })).toBe(expected);
});

test("escapes line ends, control characters and marks that reverse text", () => {
  const command = "ls \u001b[2K\r\nrm -rf / \u202e #";
  expect(describeApproval({ kind: "command", request: { command } })).toBe(
    "the command ls \\u{1b}[2K\\u{d}\\u{a}rm -rf / \\u{202e} #",
  );
});

test.each([
  ["/bin/bash -lc ls", "ls"],
  ["/bin/sh -c 'a b'", "a b"],
  [`/bin/bash -c 'it'"'"'s'`, "it's"],
  [`/bin/bash -c "git commit -m 'one two'"`, "git commit -m 'one two'"],
  [`/bin/bash -c 'a' 'b'`, `/bin/bash -c 'a' 'b'`],
  [`/bin/bash -c 'a`, `/bin/bash -c 'a`],
  ["/bin/bash -x -c ls", "/bin/bash -x -c ls"],
  ["git status", "git status"],
])("describes %s as %s: omits the shell only if its script is complete", (command, expected) => {
  expect(innerCommand(command)).toBe(expected);
});
