import { expect, test } from "vitest";
import { CliError } from "../../../src/cli/cli-error.js";
import { describeError, reportError, wantsDebug } from "../../../src/cli/describe-error.js";
import { OutputClosedError } from "../../../src/cli/output-closed-error.js";
import { CodexError } from "../../../src/index.js";
import { createTestHost } from "./test-host.js";

test("prints an error with its code, its message and advice, without a stack", () => {
  const text = describeError(new CodexError("NOT_CODEX", "/bin/x is no codex."), { debug: false });
  expect(text).toBe(
    "codexkit: NOT_CODEX: /bin/x is no codex.\n" +
      "  Set `CODEX_PATH` to the codex binary, or unset it to use the npm package `@openai/codex`.\n",
  );
});

test("an error of the command line has its own advice", () => {
  const error = new CliError("environment", "git cannot be started", { advice: "Install git." });
  expect(describeError(error, { debug: false })).toBe("codexkit: git cannot be started\n  Install git.\n");
});

test("removes control sequences from the message of an error", () => {
  const text = describeError(new CodexError("TURN_FAILED", "no\u001b[2J\u0007 more"), { debug: false });
  expect(text).toMatch(/^codexkit: TURN_FAILED: no more\n/);
});

test("prints an error on stderr, unless the output was closed", () => {
  const told = createTestHost({ env: {} });
  reportError(new CliError("failed", "no", { advice: "Go on." }), told);
  expect(told.printed).toEqual({ out: "", err: "codexkit: no\n  Go on.\n" });
  const unread = createTestHost({ signal: AbortSignal.abort(new OutputClosedError(new Error("EPIPE"))) });
  reportError(new CliError("failed", "no", { advice: "Go on." }), unread);
  expect(unread.printed.err).toBe("");
});

test("DEBUG=codexkit adds the stacks of the error and its causes", () => {
  const error = new CodexError("RPC_ERROR", "outer", { cause: new Error("inner") });
  const text = describeError(error, { debug: true });
  expect(text).toContain("CodexError: outer\n    at ");
  expect(text).toContain("Error: inner\n    at ");
});

test("DEBUG contains codexkit alone, in a list, or as a star", () => {
  for (const value of ["codexkit", "http,codexkit", "codexkit:demo", "*"])
    expect(wantsDebug({ DEBUG: value }), value).toBe(true);
  for (const value of [undefined, "", "http", "notcodexkit"])
    expect(wantsDebug({ DEBUG: value }), String(value)).toBe(false);
});
