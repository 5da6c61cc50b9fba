import { describe, expect, it } from "vitest";
import { TransportClosedError } from "../../../src/errors/transport-closed-error.js";
import { ProcessExitedError } from "../../../src/process/spawn/process-exited-error.js";
import { RpcError } from "../../../src/rpc/rpc-errors.js";
import { toThreadError } from "../../../src/transport/launch/codex-errors.js";
import { toExecError } from "../../../src/transport/exec/exec-error.js";
import { findReason } from "../../../src/transport/launch/exit-error.js";

const threadId = "01a2b3c4-0000-7000-8000-000000000000";

/** As codex 0.169.0 prints them; `certain`: it calls them errors itself. */
const printed: readonly (readonly [string, string, { text: string; certain: boolean } | null])[] = [
  ["nothing", "", null],
  ["log lines", "2026-01-01T00:00:00.1Z ERROR codex_core: x\n2026-01-01T00:00:00.2Z  WARN codex: y\n", null],
  ["what it reads", "Reading prompt from stdin...\nReading additional input from stdin...\n", null],
  [
    "a set-up error with its backtrace",
    "Error: it cannot be\n\nStack backtrace:\n   0: <unknown>\n",
    said("it cannot be"),
  ],
  [
    "a config.toml that is no TOML",
    "Error loading config.toml:\n/h/config.toml:1:6: key with no value\n  |\n1 | a\n  |  ^\n",
    said("Error loading config.toml: /h/config.toml:1:6: key with no value"),
  ],
  [
    "a value of the wrong kind",
    "Error loading config.toml: invalid type: integer `7`, expected a map\nin `model_providers`\n\n",
    said("Error loading config.toml: invalid type: integer `7`, expected a map in `model_providers`"),
  ],
  [
    "an argument that it does not know",
    "error: unexpected argument '--x' found\n\n  tip: to pass\n\nUsage: codex\n\nFor more information, try '--help'.\n",
    said("unexpected argument '--x' found"),
  ],
  [
    "a panic",
    "\nthread 'main' (7) panicked at a.rs:1:2:\nit broke\nnote: run with `RUST_BACKTRACE=1`\n",
    said("thread 'main' (7) panicked at a.rs:1:2: it broke"),
  ],
  ["the last of several", "Error: first\n2026-01-01T00:00:00Z ERROR x: y\nError: second\n", said("second")],
  [
    "a line of its own",
    "Reading prompt from stdin...\nFailed to read output schema file /x\n",
    said("Failed to read output schema file /x", false),
  ],
  ["a warning", "WARNING: proceeding, even though\n", null],
  ["an error that it outlived", "Error: first\n2026-01-01T00:00:00Z  INFO codex: on it goes\n", null],
  [
    "a panic of a task, hours ago",
    "thread 'tokio-runtime-worker' (12) panicked at a.rs:1:2:\nboom\n2026-01-01T09:00:00Z  INFO codex: all well\n",
    null,
  ],
];

function said(text: string, certain = true) {
  return { text, certain };
}

describe("the messages of codex on stderr", () => {
  it.each(printed)("[A1.9] %s", (_, stderr, expected) => {
    expect(findReason(stderr)).toEqual(expected);
  });
});

describe("a codex exec that exits before its turn has ended", () => {
  const exited = (stderr: string) => new ProcessExitedError({ code: 1, signal: null }, stderr);
  const toError = (stderr: string, lastError: string | null = null) =>
    toExecError(exited(stderr), { threadId, lastError, env: {} });

  it("[A1.9] codex's output outranks the last error of the stream, which outranks an unknown line", () => {
    expect(toError("Error: printed\n", "streamed").message).toMatch(/: printed$/);
    expect(toError("something\n", "streamed").message).toMatch(/: streamed$/);
    expect(toError("something\n").message).toMatch(/: something$/);
    expect(toError("").message).toMatch(/exited with code 1\.$/);
  });

  it("[A1.9] keeps the exit, the thread and all of the error output", () => {
    const error = toError("one\nError: two\n");
    expect(error).toMatchObject({ code: "PROCESS_EXITED", exitCode: 1, threadId, retryable: undefined });
    expect(error).toMatchObject({ stderr: "one\nError: two\n" });
  });

  it.each([
    ["Error: thread/resume failed: no rollout found for thread id x (code -32600)", "THREAD_NOT_FOUND", false],
    [
      "Error: thread/resume: thread/resume failed: session x is archived. Run `codex unarchive x`",
      "THREAD_NOT_FOUND",
      false,
    ],
    [
      "Error: thread/resume: thread/resume failed: failed to read thread: failed to read session metadata /x: rollout at /x is empty (code -32603)",
      "THREAD_DAMAGED",
      false,
    ],
    ["Error: thread x already has an active writer (code -32600)", "THREAD_BUSY", true],
    ["Error: Input exceeds the maximum length of 1048576 characters. (code -32602)", "INPUT_TOO_LARGE", false],
    ["Error: Model provider `x` not found", "CONFIG_INVALID", false],
    ["Error: features.rollout_budget.reminder_at is required when rollout_budget is enabled", "CONFIG_INVALID", false],
    [
      "Error: failed to initialize in-process app-server client: default_permissions requires a `[permissions]` table",
      "CONFIG_INVALID",
      false,
    ],
    ['Error: approval_policy = "untrusted" is no longer supported; remove this setting', "CONFIG_INVALID", false],
    ["Error finding codex home: Could not find home directory", "HOME_UNUSABLE", false],
    [
      "Error: failed to initialize in-process app-server client: Permission denied (os error 13)",
      "HOME_UNUSABLE",
      false,
    ],
    [
      "Error: failed to initialize sqlite state runtime under /x: failed to open state DB: database is locked",
      "PROCESS_EXITED",
      undefined,
    ],
    ['Error finding codex home: CODEX_HOME points to "/x", but that path does not exist', "CONFIG_INVALID", false],
  ])("[A1.9] %s: %s", (stderr, code, retryable) => {
    expect(toError(stderr)).toMatchObject({ code, retryable });
  });

  it.each([
    "The model `ft:gpt-4:acme` is archived and can no longer be used.",
    "unexpected status 404: assistant thread not found",
    "no rollout found for thread id x",
    "Model provider `x` not found",
  ])("[A1.9] reports the provider's message, but does not use it for the class: %s", (lastError) => {
    const error = toError("", lastError);
    expect(error).toMatchObject({ code: "PROCESS_EXITED", retryable: undefined });
    expect(error.message).toContain(lastError);
  });

  it.each([
    "something: no rollout found for thread id x",
    "the assistant's thread not found: x",
    "Error: no such thread in the tool's output",
    "Error: the model x is archived and can no longer be used",
    "Error: a tool said: thread x already has an active writer",
    "Error: the docs say: failed to load configuration: no",
    "Error: the tool is no longer supported; remove this setting",
    "Error: the tool wrote: Input exceeds the maximum length of 3 characters.",
    "2026-01-01T00:00:00Z ERROR x: Input exceeds the maximum length of 3 characters.",
  ])("[A1.9] does not use text of others for the class: %s", (stderr) => {
    expect(toError(stderr)).toMatchObject({ code: "PROCESS_EXITED", retryable: undefined });
  });

  it.each([
    "Error: thread/resume failed: no rollout found for thread id x (code -32600)",
    "Error: Model provider `x` not found",
    "Error: Input exceeds the maximum length of 1048576 characters. (code -32602)",
  ])("[A1.9] the output of a killed process is not the reason of its end: %s", (stderr) => {
    const killed = new ProcessExitedError({ code: null, signal: "SIGKILL" }, stderr);
    expect(toExecError(killed, { threadId, lastError: null, env: {} })).toMatchObject({
      code: "PROCESS_EXITED",
      signal: "SIGKILL",
      retryable: undefined,
    });
  });

  it("returns an error that is no exit unchanged", () => {
    const closed = new TransportClosedError();
    expect(toExecError(closed, { threadId, lastError: "x", env: {} })).toBe(closed);
  });
});

it("[A1.9] the app-server's message for an invalid configuration is the same error", () => {
  const error = toThreadError("thread/start was refused: failed to load configuration: no such model", null);
  expect(error).toMatchObject({ code: "CONFIG_INVALID", message: "Codex cannot use its configuration: no such model" });
  expect(toThreadError("anything else", null)).toBeNull();
});

it("[A1.9] recognises the app-server's answer by its complete text, even by the part that is not shown", () => {
  const path = `/${"long/".repeat(200)}rollout.jsonl`;
  const message = `failed to read thread: failed to read session metadata ${path}: rollout at ${path} is empty`;
  const refused = new RpcError("thread/resume", { code: -32603, message });
  expect(refused.message).not.toContain("is empty");
  expect(toThreadError(refused.message, threadId, refused)).toMatchObject({ code: "THREAD_DAMAGED", threadId });
});
