import { expect, test } from "vitest";
import { renderResult } from "../../../../src/cli/demo/demo-reporter.js";
import type { DemoResult } from "../../../../src/cli/demo/demo-result.js";

const nothing: DemoResult = {
  type: "codexkit.demo.result",
  ok: false,
  exitCode: 1,
  mode: "scripted",
  transport: "exec",
  codex: null,
  threadId: null,
  status: null,
  finalResponse: null,
  usage: null,
  tools: [],
  approvals: [],
  diff: null,
  test: null,
  durationMs: 1,
  directory: null,
  error: null,
};
const tokens = { inputTokens: 10, cachedInputTokens: 4, cacheWriteInputTokens: 0, outputTokens: 3 };

const render = (result: Partial<DemoResult>): string =>
  renderResult({ ...nothing, ...result }, (_colour, text) => text);

test("the end of a demo shows the changes, the answer, the tokens, the test and the kept folder", () => {
  const text = render({
    diff: "--- a/sum.js\n+++ b/sum.js\n@@ -1 +1 @@\n-old\n+new\n",
    finalResponse: "Fixed.\u001b[2J\nReally.",
    usage: { turn: { ...tokens, reasoningOutputTokens: 1 } },
    test: { command: "node --test", exitCode: 0, passed: true },
    directory: "/demo",
  });
  expect(text).toBe(
    [
      "",
      "diff     --- a/sum.js",
      "         +++ b/sum.js",
      "         @@ -1 +1 @@",
      "         -old",
      "         +new",
      "answer   Fixed.",
      "         Really.",
      "usage    10 tokens in (4 cached), 3 out (1 reasoning)",
      "test     `node --test` passes",
      "kept     /demo",
      "",
    ].join("\n"),
  );
});

test("the end of a failed demo shows the failure and omits missing parts", () => {
  expect(render({})).toBe("\n");
  const test = { command: "node --test", exitCode: 1, passed: false };
  expect(render({ diff: "", usage: {}, test })).toBe(
    "\ndiff     nothing changed\nusage    unknown\ntest     `node --test` still fails (exit 1)\n",
  );
  expect(render({ test: { ...test, exitCode: null } })).toContain("still fails (it did not end)");
});
