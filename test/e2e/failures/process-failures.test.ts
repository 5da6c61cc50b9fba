import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import {
  Codex,
  CodexError,
  partialResultOf,
  ProcessExitedError,
  type ThreadEvent,
  type Turn,
} from "../../../src/index.js";
import { gate, message, respond, shell, stall, usage } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const after = respond(message("after"), tokens);
const missingThread = "01a2b3c4-0000-7000-8000-000000000000";

describe.each(transports)("a codex that dies, %s", (transport) => {
  it.each(["SIGKILL", "SIGTERM"] as const)(
    "[A1.9] by %s during a turn: one error with the signal and the partial result; the thread stays usable",
    async (signal) => {
      const steps = [respond(message("before"), shell("echo kept"), tokens), respond(message("more"), stall()), after];
      await using stand = await openRealCodex(transport, steps);
      const thread = stand.codex.startThread(stand.thread);
      const turn = thread.runStreamed("Work");
      const reading = readUntil(turn, "more", () => process.kill(stand.pids.at(-1) ?? 0, signal));
      await expect(reading).rejects.toMatchObject({ code: "PROCESS_EXITED" });
      const error = await errorOf(turn);
      expect(error).toBeInstanceOf(ProcessExitedError);
      expect(error).toMatchObject({ code: "PROCESS_EXITED", retryable: undefined, threadId: thread.id });
      // The app-server ends with code 0 on this signal.
      const clean = transport === "app-server" && signal === "SIGTERM";
      expect(error).toMatchObject(clean ? { exitCode: 0, signal: null } : { exitCode: null, signal });
      const ended = clean ? "exited with code 0" : `was ended by ${signal}`;
      expect(error.message).toBe(`The codex process ${ended}.`);
      const texts = partialResultOf(error)?.items.map((item) => (item.type === "agentMessage" ? item.text : item.type));
      expect(texts).toEqual([
        ...(transport === "exec" ? [] : ["userMessage"]),
        ...["before", "commandExecution", "more"],
      ]);
      if (transport === "app-server") expect(partialResultOf(error)?.usage.turn).toMatchObject({ inputTokens: 42 });
      expect((await thread.run("Go on")).finalResponse).toBe("after");
    },
  );

  it("[A1.9] before its first message: the turn rejects", async () => {
    await using stand = await openRealCodex(transport, [respond(stall()), after]);
    const thread = stand.codex.startThread(stand.thread);
    const turn = thread.runStreamed("Work");
    await turn.start();
    process.kill(stand.pids.at(-1) ?? 0, "SIGKILL");
    expect(await errorOf(turn)).toMatchObject({ code: "PROCESS_EXITED", signal: "SIGKILL" });
    expect(turn.status).toBe("failed");
  });
});

it("[A1.9] the death of a shared app-server rejects each turn with its own error and its own partial result", async () => {
  await using stand = await openRealCodex("app-server", [
    respond(message("one"), stall()),
    respond(message("two"), stall()),
  ]);
  const turns = [1, 2].map((count) => stand.codex.startThread(stand.thread).runStreamed(String(count)));
  let messages = 0;
  const kill = (): void => {
    if ((messages += 1) === 2) process.kill(stand.pids[0] ?? 0, "SIGKILL");
  };
  await Promise.allSettled(turns.map((turn) => readUntil(turn, /one|two/, kill)));
  const errors = await Promise.all(turns.map(errorOf));
  expect(new Set(errors.map(({ threadId }) => threadId)).size).toBe(2);
  for (const error of errors) {
    expect(error.code).toBe("PROCESS_EXITED");
    expect(partialResultOf(error)?.threadId).toBe(error.threadId);
    expect(partialResultOf(error)?.turnId).toBe(error.turnId);
  }
});

describe.each(transports)("a codex that cannot start, %s", (transport) => {
  const run = async (codexPathOverride: string): Promise<CodexError> => {
    await using codex = new Codex({ codexPathOverride, transport });
    return await errorOf(codex.startThread({ skipGitRepoCheck: true }).runStreamed("hello"));
  };

  it.each([
    ["missing", "nothing-here", "BINARY_NOT_FOUND"],
    ["a directory", ".", "BINARY_NOT_EXECUTABLE"],
    ["not executable", "plain", "BINARY_NOT_EXECUTABLE"],
    ["another program", "/bin/echo", "NOT_CODEX"],
    ["a script that fails", "failing", "NOT_CODEX"],
  ])("[A1.9] the binary is %s: a class of its own, not retryable", async (_, name, code) => {
    const folder = scratchFolder(`e2e-start-${transport}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "plain"), "no program");
    await writeFile(join(folder, "failing"), "#!/bin/sh\necho 'no such luck' >&2\nexit 9\n");
    await chmod(join(folder, "failing"), 0o755);
    try {
      const error = await run(name.startsWith("/") ? name : join(folder, name));
      expect(error).toMatchObject({ code, retryable: false });
      expect(error.message).toContain(name === "." ? folder.slice(0, -1) : name);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each([
    ["is no TOML", "this is = = no toml\n", /config\.toml:1:6: key with no value/],
    ["holds a value of the wrong kind", "model_provider = 7\n", /invalid type: integer `7`, expected a string/],
    ["names an unknown provider", 'model_provider = "nowhere"\n', /Model provider `nowhere` not found/],
  ])("[A1.9] a config.toml that %s: a typed error with codex's message", async (_, toml, expected) => {
    await using stand = await openRealCodex(transport, [after]);
    const { env } = stand.model.codexOptions({ codexHome: stand.home });
    await writeFile(join(stand.home, "config.toml"), toml);
    const codex = new Codex({ env, transport });
    const thread = codex.startThread(stand.thread);
    const error = await errorOf(thread.runStreamed("hello"));
    expect(error).toMatchObject({ name: "ConfigError", code: "CONFIG_INVALID", retryable: false });
    expect(error.message).toMatch(expected);
    expect(error.message).not.toMatch(/exited with code/);
    await rm(join(stand.home, "config.toml"));
    const { config } = stand.model.codexOptions({ codexHome: stand.home });
    expect((await codex.startThread({ ...stand.thread, config }).run("hello")).finalResponse).toBe("after");
    await codex.close();
  });

  it("[A1.9] a CODEX_HOME that does not exist: the same typed error, even on a busy machine", async () => {
    await using stand = await openRealCodex(transport, []);
    const { env } = stand.model.codexOptions({ codexHome: stand.home });
    // If codex ends before `initialize` is sent, the write fails instead of the read.
    const clients = Array.from({ length: 6 }, () =>
      stand.client({ env: { ...env, CODEX_HOME: join(stand.home, "nowhere") } }),
    );
    const errors = clients.map((codex) => errorOf(codex.startThread(stand.thread).runStreamed("hello")));
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({ code: "CONFIG_INVALID", retryable: false });
      expect(error.message).toMatch(/CODEX_HOME points to ".*nowhere", but that path does not exist$/);
    }
  });

  it("[A1.9] a CODEX_HOME that is a file: the same typed error", async () => {
    await using stand = await openRealCodex(transport, []);
    const { env } = stand.model.codexOptions({ codexHome: stand.home });
    const file = join(stand.home, "file");
    await writeFile(file, "");
    const codex = stand.client({ env: { ...env, CODEX_HOME: file } });
    const error = await errorOf(codex.startThread(stand.thread).runStreamed("hello"));
    expect(error).toMatchObject({ code: "CONFIG_INVALID", retryable: false });
    expect(error.message).toMatch(/CODEX_HOME points to ".*file", but that path is not a directory$/);
  });

  it("[A1.9] an unknown thread: THREAD_NOT_FOUND, and no new thread", async () => {
    await using stand = await openRealCodex(transport, []);
    const error = await errorOf(stand.codex.resumeThread(missingThread, stand.thread).runStreamed("hello"));
    expect(error).toMatchObject({ code: "THREAD_NOT_FOUND", retryable: false, threadId: missingThread });
    expect(stand.model.requests).toEqual([]);
  });

  it("[A1.9] a thread with an empty file: THREAD_DAMAGED", async () => {
    await using stand = await openRealCodex(transport, [after]);
    const owner = stand.client();
    const { threadId } = await owner.startThread(stand.thread).run("1");
    await owner.close();
    const files = await readdir(stand.home, { recursive: true });
    const file = files.find((name) => name.includes(threadId) && name.endsWith(".jsonl")) ?? "none";
    await writeFile(join(stand.home, file), "");
    const error = await errorOf(stand.codex.resumeThread(threadId, stand.thread).runStreamed("2"));
    expect(error).toMatchObject({ code: "THREAD_DAMAGED", retryable: false, threadId });
  });

  it("[A1.9] a thread that another process writes to: THREAD_BUSY, and afterwards the thread is usable", async () => {
    const held = gate();
    await using stand = await openRealCodex(transport, [after, respond(held, message("held"), tokens), after]);
    const owner = stand.client({ transport: "exec" });
    const thread = owner.startThread(stand.thread);
    await thread.run("1");
    const running = thread.run("2");
    await held.reached;
    const resumed = stand.codex.resumeThread(thread.id ?? "", stand.thread);
    const error = await errorOf(resumed.runStreamed("3"));
    expect(error).toMatchObject({
      name: "ThreadLockedError",
      code: "THREAD_BUSY",
      retryable: true,
      threadId: thread.id,
    });
    held.open();
    expect((await running).finalResponse).toBe("held");
    expect((await resumed.run("3")).finalResponse).toBe("after");
  });
});

describe.each(transports)("a thread that is idle and loaded in another process, %s", (transport) => {
  it("[R6] rejects with THREAD_BUSY and the remedy, until the other process closes it", async () => {
    await using stand = await openRealCodex(transport, [after, after]);
    const thread = stand.client({ transport: "app-server" }).startThread(stand.thread);
    await thread.run("1");
    const other = stand.codex.resumeThread(thread.id ?? "", stand.thread);
    const error = await errorOf(other.runStreamed("2"));
    expect(error).toMatchObject({ name: "ThreadLockedError", code: "THREAD_BUSY", retryable: true });
    expect(error).toMatchObject({ message: expect.stringContaining("call `thread.close()`") as string });
    await thread.close();
    expect((await other.run("2")).finalResponse).toBe("after");
  });
});

async function readUntil(turn: Turn<unknown>, text: string | RegExp, act: () => void): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of turn) {
    events.push(event);
    if (event.type === "item.completed" && event.item.type === "agentMessage" && new RegExp(text).test(event.item.text))
      act();
  }
  return events;
}

async function errorOf(turn: Turn<unknown>): Promise<CodexError> {
  const error: unknown = await turn.result().catch((caught: unknown) => caught);
  if (CodexError.isInstance(error)) return error;
  throw new Error("the turn ended without a CodexError", { cause: error });
}
