import { expect, test } from "vitest";
import { describeApproval } from "../../../../src/cli/render/describe-approval.js";
import { command, files, hostTool, mcpTool, permissions, questions } from "../../approvals/sample-requests.js";

test.each([
  [command("/bin/bash -lc 'git push'"), "the command git push"],
  [command("/tmp/model/bash -lc 'git push'"), "the command /tmp/model/bash -lc 'git push'"],
  [files(["/a", "/b"]), "changes to /a, /b"],
  [hostTool("close", { arguments: { id: 7 } }), 'the tool close({"id":7})'],
  [mcpTool, 'the tool tracker.search({"q":1})'],
  [permissions({ permissions: { network: true } }), 'the permissions {"network":true}'],
  [questions("q"), "userInput"],
])("describes a request of kind $kind as %s", (request, expected) => {
  expect(describeApproval(request)).toBe(expected);
});

test("escapes line ends, control characters and marks that reverse text", () => {
  expect(describeApproval(command("ls \u001b[2K\r\nrm -rf / \u202e #"))).toBe(
    "the command ls \\u{1b}[2K\\u{d}\\u{a}rm -rf / \\u{202e} #",
  );
});
