import { describe, expect, it } from "vitest";
import { Codex, CodexError, partialResultOf, type ThreadEvent, type Turn, TurnFailedError } from "../../src/index.js";
import {
  createFakeAppServer,
  createFakeExec,
  cut,
  die,
  type ExecAction,
  execRun,
  fail,
  failResponse,
  line,
  message,
  respond,
  type ScriptEntry,
  shell,
  stderr,
  stdout,
  usage,
} from "../../src/testing/index.js";
import { harnesses } from "./harnesses.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const here = { skipGitRepoCheck: true, workingDirectory: "/" };
const threadId = "01a2b3c4-0000-7000-8000-000000000000";

const modelFailures: readonly (readonly [string, ScriptEntry, RegExp, boolean | undefined])[] = [
  [
    "400",
    fail(400, { error: { message: "no such thing", type: "invalid_request_error" } }),
    /no such thing/,
    undefined,
  ],
  ["401", fail(401, { error: { message: "no such key" } }), /401 Unauthorized: no such key/, false],
  ["429", fail(429), /429 Too Many Requests/, true],
  ["500", fail(500), /high demand/, true],
  ["a full context", failResponse("context_length_exceeded", "x"), /ran out of room/, false],
  ["a quota", failResponse("insufficient_quota", "x"), /Quota exceeded/, false],
  ["a cut stream", cut(message("half", { unfinished: true })), /stream disconnected/, true],
];

describe.each(harnesses.filter(({ real }) => !real))("a model that fails, $name", (harness) => {
  it.each(modelFailures)(
    "[A1.9] %s: iteration ends with the terminal event; result() rejects with the partial result",
    async (_, step, expectedMessage, retryable) => {
      const first = respond(message("before"), shell("echo kept", { output: "kept\n" }), tokens);
      await using stand = await harness.open([first, step, respond(message("after"), tokens)]);
      const thread = stand.codex.startThread(stand.thread);
      const turn = thread.runStreamed("Work");
      const { events, thrown } = await readOut(turn);
      expect(thrown).toBeNull();
      expect(events.filter(({ type }) => type === "turn.completed")).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: "turn.completed", turn: { status: "failed" } });
      const error = await errorOf(turn);
      expect(error).toBeInstanceOf(TurnFailedError);
      expect(error).toMatchObject({ code: "TURN_FAILED", threadId: thread.id, turnId: turn.id });
      expect(error.message).toMatch(expectedMessage);
      expect(error.retryable).toBe(harness.transport === "exec" ? undefined : retryable);
      expect(textsOf(error)).toEqual(["before", "commandExecution"]);
      const spent = partialResultOf(error)?.usage.turn;
      if (harness.transport === "exec") expect(spent).toBeUndefined();
      else expect(spent).toMatchObject({ inputTokens: 42, cachedInputTokens: 12, outputTokens: 5 });
      expect((await thread.run("Go on")).finalResponse).toBe("after");
      await stand.assertDone();
    },
  );
});

const started = line(JSON.stringify({ type: "thread.started", thread_id: threadId }));
const begun = [
  started,
  line('{"type":"turn.started"}'),
  line('{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"kept"}}'),
];
const reported = line('{"type":"error","message":"codex refuses"}');
const failed = line('{"type":"turn.failed","error":{"message":"codex refuses"}}');
const log = stderr("Reading prompt from stdin...\n2026-01-01T00:00:00.000000Z ERROR codex_core: a log line\n");
const clap = stderr(
  "error: unexpected argument '--bogus' found\n\nUsage: codex exec\n\nFor more information, try '--help'.\n",
);
const panic = stderr(
  "\nthread 'main' (42) panicked at cli/src/main.rs:1:2:\nit broke\nnote: run with `RUST_BACKTRACE=1`\n",
);
const setUp = stderr("Error: it cannot be\n\nStack backtrace:\n   0: <unknown>\n");
const badToml = stderr(
  "Error loading config.toml:\n/home/config.toml:1:6: key with no value\n  |\n1 | a = = b\n  |     ^\n",
);

describe("a codex exec that exits without a result", () => {
  it.each<[string, readonly ExecAction[], object, string[]]>([
    ["exit 9 in mid-stream", [...begun, die({ code: 9 })], { exitCode: 9, message: exited(9) }, ["kept"]],
    ["exit 9, and only log lines", [...begun, log, die({ code: 9 })], { exitCode: 9, message: exited(9) }, ["kept"]],
    ["kill -9", [...begun, log, die({ signal: "SIGKILL" })], { signal: "SIGKILL", message: killed }, ["kept"]],
    [
      "kill -9 after a retry",
      [...begun, reported, die({ signal: "SIGKILL" })],
      { signal: "SIGKILL", message: killed },
      ["kept"],
    ],
    ["exit 0 without an end", [...begun, log], { exitCode: 0, message: exited(0) }, ["kept"]],
    ["exit 0 and not a word", [], { exitCode: 0, message: exited(0), threadId: null }, []],
    ["`error`, then exit 0", [...begun, reported], { exitCode: 0, message: exited(0, "codex refuses") }, ["kept"]],
    [
      "`error`, then exit 1",
      [...begun, reported, die()],
      { exitCode: 1, message: exited(1, "codex refuses") },
      ["kept"],
    ],
    [
      "`error` and log lines",
      [...begun, reported, log, die()],
      { exitCode: 1, message: exited(1, "codex refuses") },
      ["kept"],
    ],
    ["an error on stderr", [started, reported, setUp, die()], { exitCode: 1, message: exited(1, "it cannot be") }, []],
    ["exit 2 by clap", [clap, die({ code: 2 })], { message: exited(2, "unexpected argument '--bogus' found") }, []],
    [
      "a panic",
      [...begun, panic, die({ code: 101 })],
      { exitCode: 101, message: /panicked at .* it broke$/ },
      ["kept"],
    ],
  ])(
    "[A1.9] %s: rejects with one PROCESS_EXITED that has the known cause and the partial result",
    async (_, actions, expected, texts) => {
      const { turn, thrown } = await playOut(actions);
      const error = await errorOf(turn);
      expect(thrown).toBe(error);
      const { message: expectedMessage, ...rest } = { message: "", ...expected };
      expect(error).toMatchObject({ code: "PROCESS_EXITED", retryable: undefined, ...rest });
      expect(error.message).toMatch(expectedMessage);
      if (texts.length > 0) expect(error.threadId).toBe(threadId);
      expect(textsOf(error)).toEqual(texts);
      expect(turn.status).toBe("failed");
    },
  );

  it.each([
    ["exit 1", [die()]],
    ["exit 0", [die({ code: 0 })]],
    ["kill -9", [die({ signal: "SIGKILL" })]],
    ["more errors", [setUp, reported, line('{"type":"turn.completed"}'), die({ code: 3 })]],
  ])("[A1.9] turn.failed, then %s: rejects with the error of the turn only", async (_, ending) => {
    const { turn, events, thrown } = await playOut([...begun, reported, failed, ...ending]);
    expect(thrown).toBeNull();
    expect(events.filter(({ type }) => type === "turn.completed")).toHaveLength(1);
    const error = await errorOf(turn);
    expect(error).toBeInstanceOf(TurnFailedError);
    expect(error).toMatchObject({ message: "codex refuses", retryable: undefined, threadId });
    expect(textsOf(error)).toEqual(["kept"]);
  });

  it("[A1.9] rejects with codex's message, not with an exit code, if codex refuses the configuration", async () => {
    const { turn, thrown } = await playOut([badToml, die()]);
    const error = await errorOf(turn);
    expect(error).toMatchObject({ name: "ConfigError", code: "CONFIG_INVALID", retryable: false });
    expect(error.message).toMatch(/: \/home\/config\.toml:1:6: key with no value$/);
    expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
  });

  it.each([
    ["null", '{"type":"turn.completed","usage":null}'],
    ["missing", '{"type":"turn.completed"}'],
    ["of an older codex", '{"type":"turn.completed","usage":{"input_tokens":1,"output_tokens":1}}'],
  ])("[A1.7] a turn whose reported usage is %s completes without usage", async (_, end) => {
    const { turn, thrown } = await playOut([...begun, line(end)]);
    expect(thrown).toBeNull();
    expect(await turn.result()).toMatchObject({ status: "completed", finalResponse: "kept", usage: {} });
  });
});

const stray = ["WARNING: something", "null", "[]", "{}", '{"type":1}', '{"half":', "\u001b[31mred\u001b[0m", ""];

describe("output that is not codex's protocol", () => {
  it("[A1.2] on exec: emits a warning, and the turn continues", async () => {
    const lines = [...stray.map(line), stdout(Buffer.from([0xff, 0xfe, 0x0a]))];
    const { turn, events } = await playOut([...lines, ...begun, ...lines, line('{"type":"turn.completed"}')]);
    expect(await turn.result()).toMatchObject({ status: "completed", finalResponse: "kept", threadId });
    expect(events.filter(({ type }) => type === "codexkit.protocolWarning").length).toBeGreaterThan(10);
  });

  it("[A1.2] on app-server: emits a warning, and the turn continues", async () => {
    await using server = await createFakeAppServer([respond(...stray.map(line), message("kept"), tokens)]);
    await using codex = new Codex(server.codexOptions());
    const turn = codex.startThread(here).runStreamed("Work");
    const { events, thrown } = await readOut(turn);
    expect(thrown).toBeNull();
    expect((await turn.result()).finalResponse).toBe("kept");
    expect(events.some(({ type }) => type === "codexkit.protocolWarning")).toBe(true);
  });
});

describe("an app-server that ends during a turn", () => {
  it.each<[string, Parameters<typeof die>[0], object]>([
    ["exit 9", { code: 9 }, { exitCode: 9, signal: null }],
    ["exit 0", { code: 0 }, { exitCode: 0, signal: null }],
    ["kill -9", { signal: "SIGKILL" }, { exitCode: null, signal: "SIGKILL" }],
  ])(
    "[A1.9] %s: rejects with one PROCESS_EXITED and the partial result; the next turn starts a new process",
    async (_, how, expected) => {
      await using server = await createFakeAppServer([
        respond(message("kept"), die(how)),
        respond(message("after"), tokens),
      ]);
      await using codex = new Codex(server.codexOptions());
      const thread = codex.startThread(here);
      const turn = thread.runStreamed("Work");
      const { thrown } = await readOut(turn);
      const error = await errorOf(turn);
      expect(thrown).toBe(error);
      expect(error).toMatchObject({
        code: "PROCESS_EXITED",
        retryable: undefined,
        threadId: thread.id,
        turnId: turn.id,
      });
      expect(error).toMatchObject(expected);
      expect(textsOf(error)).toEqual(["kept"]);
      expect((await thread.run("Go on")).finalResponse).toBe("after");
      expect(server.processes).toHaveLength(2);
    },
  );
});

function exited(code: number, cause?: string): RegExp {
  const ending = cause === undefined ? "\\." : `: ${cause}`;
  return new RegExp(`^The codex process exited with code ${String(code)}${ending}$`);
}

const killed = /^The codex process was ended by SIGKILL\.$/;

/** Runs one turn on a codex exec with this behaviour. */
async function playOut(actions: readonly ExecAction[]) {
  await using exec = await createFakeExec([execRun(...actions)], { strict: false });
  await using codex = new Codex(exec.codexOptions());
  const turn = codex.startThread(here).runStreamed("Work");
  const read = await readOut(turn);
  await turn.result().catch(() => undefined);
  return { turn, ...read };
}

async function readOut(turn: Turn<unknown>): Promise<{ readonly events: ThreadEvent[]; readonly thrown: unknown }> {
  const events: ThreadEvent[] = [];
  try {
    for await (const event of turn) events.push(event);
    return { events, thrown: null };
  } catch (thrown) {
    return { events, thrown };
  }
}

async function errorOf(turn: Turn<unknown>): Promise<CodexError> {
  const error: unknown = await turn.result().catch((caught: unknown) => caught);
  if (CodexError.isInstance(error)) return error;
  throw new Error("the turn ended without a CodexError", { cause: error });
}

/** The completed messages of the turn, and the types of its other completed items. */
function textsOf(error: CodexError): string[] {
  const items = partialResultOf(error)?.items ?? [];
  return items
    .filter(({ type }) => type !== "userMessage")
    .map((item) => (item.type === "agentMessage" ? item.text : item.type));
}
