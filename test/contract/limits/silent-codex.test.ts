import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import { Codex } from "../../../src/index.js";
import {
  closeStdout,
  createFakeAppServer,
  createFakeExec,
  execRun,
  gate,
  lateReply,
  line,
  message,
  notify,
  readStdin,
  respond,
  usage,
} from "../../../src/testing/index.js";
import { processesHolding } from "../../e2e/real-codex.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const here = { skipGitRepoCheck: true, workingDirectory: "/" };
const threadId = "01a2b3c4-0000-7000-8000-000000000000";
/** Far above the bounds of codexkit, and far below the timeout of a request, which is one minute. */
const patience = 30_000;

describe("an app-server that does not answer", () => {
  it(
    "[A1.5] turn/start: an abort ends the turn, and a turn of another thread continues",
    { timeout: patience },
    async () => {
      const [held, never] = [gate(), gate()];
      await using server = await createFakeAppServer([respond(held, message("one"), tokens)], { strict: false });
      await using codex = new Codex(server.codexOptions());
      const other = codex.startThread(here).run("1");
      await held.reached;
      server.intercept("turn/start", lateReply(never));
      const abort = new AbortController();
      const result = codex.startThread(here).run("2", { signal: abort.signal });
      await never.reached;
      abort.abort();
      await expect(result).rejects.toMatchObject({ code: "ABORTED" });
      held.open();
      expect((await other).finalResponse).toBe("one");
      expect(server.processes).toHaveLength(1);
    },
  );

  it("[A1.5] initialize: interrupt() ends the turn at once", async () => {
    const never = gate();
    await using server = await createFakeAppServer([], { strict: false });
    await using codex = new Codex(server.codexOptions());
    server.intercept("initialize", lateReply(never));
    const turn = codex.startThread(here).runStreamed("1");
    const result = turn.result();
    await never.reached;
    await turn.interrupt();
    expect((await result).status).toBe("interrupted");
  });

  it("[A1.5] thread/unsubscribe: closing the thread is bounded", { timeout: patience }, async () => {
    await using server = await createFakeAppServer([respond(message("one"), tokens)], { strict: false });
    await using codex = new Codex(server.codexOptions());
    const thread = codex.startThread(here);
    await thread.run("1");
    server.intercept("thread/unsubscribe", lateReply(gate()));
    await thread.close();
  });

  it("[A1.9] the turn rejects if its terminal event cannot be decoded", async () => {
    const end = notify("turn/completed", (turn) => ({ threadId: turn.threadId, turn: { id: turn.turnId } }));
    await using server = await createFakeAppServer([respond(end, gate(), message("never"))], { strict: false });
    await using codex = new Codex(server.codexOptions());
    const turn = codex.startThread(here).runStreamed("1");
    const types: string[] = [];
    const reading = (async () => {
      for await (const { type } of turn) types.push(type);
    })();
    await expect(reading).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
    expect(types).toEqual(expect.arrayContaining(["turn.started", "codexkit.unknown"]));
    await expect(turn.result()).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
  });
});

describe("a codex exec that hangs", () => {
  const longPrompt = "x".repeat(1_000_000);
  const started = line(JSON.stringify({ type: "thread.started", thread_id: threadId }));
  const counts = {
    input_tokens: 1,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: 1,
    reasoning_output_tokens: 0,
  };
  const completed = line(JSON.stringify({ type: "turn.completed", usage: counts }));

  it("[A1.5] after its last event, with unread input: the turn completes", { timeout: patience }, async () => {
    await using exec = await createFakeExec([execRun(started, completed, gate(), readStdin())], { strict: false });
    await using codex = new Codex(exec.codexOptions());
    expect(await codex.startThread(here).run(longPrompt)).toMatchObject({ status: "completed", threadId });
    await exec.processes.at(-1)?.closed;
  });

  it("[A1.9] after a terminal event that cannot be decoded: the turn rejects with PROTOCOL_ERROR", async () => {
    const end = line(JSON.stringify({ type: "turn.failed", error: "no object" }));
    await using exec = await createFakeExec([execRun(started, end, gate())], { strict: false });
    await using codex = new Codex(exec.codexOptions());
    await expect(codex.startThread(here).run("1")).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
  });

  it("[A1.9] with closed output and unread input: the turn rejects", { timeout: patience }, async () => {
    await using exec = await createFakeExec([execRun(started, closeStdout(), gate(), readStdin())], { strict: false });
    await using codex = new Codex(exec.codexOptions());
    await expect(codex.startThread(here).run(longPrompt)).rejects.toMatchObject({ code: "TRANSPORT_CLOSED" });
  });

  it(
    "[A1.5] before it prints its version: interrupt, abort and close() end the turn at once",
    { timeout: 9_000 },
    async () => {
      await using mute = await createMuteProgram();
      const codex = new Codex({
        codexPathOverride: mute.path,
        transport: "exec",
        env: { ...process.env, MUTE: mute.path },
      });
      const thread = codex.startThread(here);
      const turn = thread.runStreamed("1");
      const result = turn.result();
      await turn.interrupt();
      expect((await result).status).toBe("interrupted");
      const abort = new AbortController();
      const aborted = thread.run("2", { signal: abort.signal });
      abort.abort();
      await expect(aborted).rejects.toMatchObject({ code: "ABORTED" });
      const closed = thread.run("3").catch((error: unknown) => error);
      await codex.close();
      expect(await processesHolding(`MUTE=${mute.path}`, "environ")).toEqual([]);
      expect(await closed).toMatchObject({ code: "CLIENT_CLOSED" });
    },
  );
});

/** Creates a program without output, even for `--version`. */
async function createMuteProgram(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = scratchFolder("contract", `mute-${String(process.pid)}`);
  const path = join(folder, "codex");
  await mkdir(folder, { recursive: true });
  await writeFile(path, "#!/bin/sh\nexec sleep 300\n");
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
