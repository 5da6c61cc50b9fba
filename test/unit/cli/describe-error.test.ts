import { expect, test } from "vitest";
import { CliError } from "../../../src/cli/cli-error.js";
import { describeError, reportError, wantsDebug } from "../../../src/cli/describe-error.js";
import { ReaderLeftError } from "../../../src/cli/reader-left-error.js";
import { CodexError } from "../../../src/index.js";
import { createTestHost } from "./test-host.js";

test("an error is told with its code, its message and what to do, and without a stack", () => {
  const text = describeError(new CodexError("NOT_CODEX", "/bin/x is no codex."), { debug: false });
  expect(text).toBe(
    "codexkit: NOT_CODEX: /bin/x is no codex.\n" +
      "  Name codex itself with `CODEX_PATH`, or unset it to use the npm package `@openai/codex`.\n",
  );
});

test("an error of the command line brings its own advice", () => {
  const error = new CliError("environment", "git cannot be started", { advice: "Install git." });
  expect(describeError(error, { debug: false })).toBe("codexkit: git cannot be started\n  Install git.\n");
});

test("an error whose words are somebody else's hands no control sequence to the terminal", () => {
  const text = describeError(new CodexError("TURN_FAILED", "no\u001b[2J\u0007 more"), { debug: false });
  expect(text).toMatch(/^codexkit: TURN_FAILED: no more\n/);
});

test("an error is told on stderr, but not where the command ends because nobody reads what it prints", () => {
  const told = createTestHost({ env: {} });
  reportError(new CliError("failed", "no", { advice: "Go on." }), told);
  expect(told.printed).toEqual({ out: "", err: "codexkit: no\n  Go on.\n" });
  const unread = createTestHost({ signal: AbortSignal.abort(new ReaderLeftError(new Error("EPIPE"))) });
  reportError(new CliError("failed", "no", { advice: "Go on." }), unread);
  expect(unread.printed.err).toBe("");
});

test("DEBUG=codexkit adds the stacks of the error and its causes", () => {
  const error = new CodexError("RPC_ERROR", "outer", { cause: new Error("inner") });
  const text = describeError(error, { debug: true });
  expect(text).toContain("CodexError: outer\n    at ");
  expect(text).toContain("Error: inner\n    at ");
});

test("DEBUG names codexkit alone, in a list, or by a star", () => {
  for (const value of ["codexkit", "http,codexkit", "codexkit:demo", "*"])
    expect(wantsDebug({ DEBUG: value }), value).toBe(true);
  for (const value of [undefined, "", "http", "notcodexkit"])
    expect(wantsDebug({ DEBUG: value }), String(value)).toBe(false);
});
