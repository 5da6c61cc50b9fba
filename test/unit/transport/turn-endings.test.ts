import { describe, expect, it } from "vitest";
import { Codex, CodexError } from "../../../src/index.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { createWatchdog } from "../../../src/process/watchdog/watchdog.js";
import type { LocatedBinary } from "../../../src/process/locate/locate-binary.js";
import {
  createFakeAppServer,
  createFakeExec,
  gate,
  lateReply,
  message,
  repeat,
  respond,
} from "../../../src/testing/index.js";
import { HostGuard } from "../../../src/transport/guard/host-guard.js";
import { createExecTurn } from "../../../src/transport/exec/exec-turn.js";
import type { TurnConnection, TurnInputPart, TurnMessage, TurnSpec } from "../../../src/transport/transport.js";

const here = { skipGitRepoCheck: true, workingDirectory: "/" };

describe("a turn that is interrupted before codex has received it", () => {
  it("never runs on exec, and ends as interrupted", async () => {
    const found = createDeferred<LocatedBinary>();
    const turn = execTurn({ binary: () => found.promise });
    const read = readAll(turn);
    await turn.interrupt();
    found.resolve({ path: "/nowhere", command: "/nowhere", args: [], pathDirs: [], source: "option" });
    const [batch] = await read;
    expect(batch).toMatchObject([{ event: { type: "turn.completed", turn: { status: "interrupted" } } }]);
  });

  it("never runs on app-server, however long its thread takes to load", async () => {
    await using server = await createFakeAppServer([]);
    await using codex = new Codex(server.codexOptions());
    const held = gate();
    server.intercept("thread/start", lateReply(held));
    const turn = codex.startThread(here).runStreamed("x");
    const result = turn.result();
    await held.reached;
    await turn.interrupt();
    expect((await result).status).toBe("interrupted");
    held.open();
    expect(server.requests.map(({ method }) => method)).not.toContain("turn/start");
  });

  it("never runs on app-server while its settings are requested", async () => {
    await using server = await createFakeAppServer([respond(message("first"))]);
    await using codex = new Codex(server.codexOptions());
    const thread = codex.startThread(here);
    await thread.run("1");
    const held = gate();
    server.intercept("config/read", lateReply(held));
    const turn = thread.runStreamed("2", { modelReasoningSummary: "detailed" });
    const result = turn.result();
    await held.reached;
    await turn.interrupt();
    held.open();
    expect((await result).status).toBe("interrupted");
    expect(server.requests.filter(({ method }) => method === "turn/start")).toHaveLength(1);
  });
});

describe("exec", () => {
  it("refuses unsupported input before a process is started", async () => {
    for (const part of [
      { type: "image", url: "data:image/png;base64,AA" },
      { type: "skill", name: "s", path: "/s" },
    ] as const) {
      const turn = execTurn({ input: [part], binary: () => Promise.reject(new Error("it looked for a binary")) });
      await expect(readAll(turn)).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    }
  });
});

describe("an ephemeral thread on exec", () => {
  it("has one turn: a second one is refused before a process is started", async () => {
    await using exec = await createFakeExec([respond(message("one"))]);
    await using codex = new Codex(exec.codexOptions());
    const thread = codex.startThread({ ...here, ephemeral: true });
    await thread.run("1");
    await expect(thread.run("2")).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    expect(exec.processes).toHaveLength(1);
  });
});

describe("the app-server", () => {
  it("[A1.21] rejects all 32 turns when it dies, and starts again once for all retries", async () => {
    const gates = Array.from({ length: 32 }, () => gate());
    const steps = gates.map((held) => respond(held, message("never")));
    await using server = await createFakeAppServer([...steps, repeat(respond(message("ok")))]);
    await using codex = new Codex(server.codexOptions());
    const threads = gates.map(() => codex.startThread(here));
    const codes: string[] = [];
    const runs = threads.map((thread) =>
      thread.run("before").catch((error: unknown) => {
        codes.push(CodexError.isInstance(error) ? error.code : String(error));
        return thread.run("after");
      }),
    );
    await Promise.all(gates.map(({ reached }) => reached));
    await server.kill();
    const results = await Promise.all(runs);
    expect(codes).toEqual(gates.map(() => "PROCESS_EXITED"));
    expect(results.map(({ finalResponse }) => finalResponse)).toEqual(gates.map(() => "ok"));
    expect(server.processes).toHaveLength(2);
  });

  it("[A1.21] is started again once for all callers that find it gone at the same moment", async () => {
    await using server = await createFakeAppServer();
    await using codex = new Codex(server.codexOptions());
    await codex.ready();
    const held = Array.from({ length: 8 }, () => gate());
    server.intercept("model/list", ...held.map(lateReply));
    const ask = () => codex.appServer.request("model/list", {});
    // A request fails as soon as the process is seen to be gone, while its end is still being cleaned up.
    const asked = held.map(() => ask().catch(ask));
    await Promise.all(held.map(({ reached }) => reached));
    await server.kill();
    await Promise.all(asked);
    expect(server.processes).toHaveLength(2);
  });

  it("[A1.21] receives at most four requests for new threads at once", async () => {
    await using server = await createFakeAppServer([repeat(respond(message("ok")))]);
    await using codex = new Codex(server.codexOptions());
    await codex.ready();
    const held = Array.from({ length: 10 }, () => gate());
    server.intercept("thread/start", ...held.map(lateReply));
    const asked = (): number => server.requests.filter(({ method }) => method === "thread/start").length;
    const runs = held.map(() => codex.startThread(here).run("x"));
    for (const [index, { reached, open }] of held.entries()) {
      await reached;
      await codex.appServer.request("model/list", {});
      expect(asked()).toBeLessThanOrEqual(index + 4);
      open();
    }
    await Promise.all(runs);
    expect(asked()).toBe(10);
  });

  it("[A1.22] leaves no process behind when it is closed while one dies and another starts", async () => {
    await using server = await createFakeAppServer([repeat(respond(message("ok")))]);
    const codex = new Codex(server.codexOptions());
    const threads = Array.from({ length: 8 }, () => codex.startThread(here));
    await Promise.all(threads.map((thread) => thread.run("before")));
    await server.kill();
    const runs = threads.map((thread) => thread.run("after"));
    await Promise.all([codex.close(), Promise.allSettled(runs)]);
    await Promise.all(server.processes.map(({ closed }) => closed));
  });

  it("applies a thread's service tier to all turns and a turn's to that turn", async () => {
    await using server = await createFakeAppServer([repeat(respond(message("ok")))]);
    await using codex = new Codex(server.codexOptions());
    const thread = codex.startThread(here);
    await thread.run("1", { serviceTier: "flex" });
    await thread.update({ serviceTier: "priority" });
    await thread.run("2");
    await thread.run("3");
    const starts = server.requests.filter(({ method }) => method === "turn/start").map(({ params }) => params);
    expect(starts).toMatchObject([{ serviceTierForTurn: "flex" }, { serviceTier: "priority" }, {}]);
    expect(starts[2]).not.toHaveProperty("serviceTier");
  });

  it("a turn's other sandbox keeps its details from the thread's options", async () => {
    await using server = await createFakeAppServer([repeat(respond(message("ok")))]);
    await using codex = new Codex(server.codexOptions());
    const options = { ...here, sandboxMode: "danger-full-access", additionalDirectories: ["/data"] } as const;
    await codex.startThread(options).run("1", { sandboxMode: "workspace-write" });
    const start = server.requests.find(({ method }) => method === "turn/start");
    expect(start?.params).toMatchObject({ sandboxPolicy: { type: "workspaceWrite", writableRoots: ["/data"] } });
  });

  it("refuses to change settings that codex reads only once, even while the thread is loading", async () => {
    await using server = await createFakeAppServer([respond(message("ok"))]);
    await using codex = new Codex(server.codexOptions());
    const held = gate();
    server.intercept("thread/start", lateReply(held));
    const thread = codex.startThread(here);
    const run = thread.run("1");
    await held.reached;
    await expect(thread.update({ webSearchMode: "live" })).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    held.open();
    await run;
    await expect(thread.update({ webSearchMode: "live" })).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
  });
});

describe("exec's command line", () => {
  it("[A1.15] [A1.16] contains neither the prompt nor the key, which are sent by stdin and the environment", async () => {
    await using exec = await createFakeExec([respond(message("ok"))]);
    await using codex = new Codex({ ...exec.codexOptions(), apiKey: "sk-planted-0123456789" });
    await codex.startThread(here).run("my prompt");
    const [process] = exec.processes;
    expect(process?.argv.join(" ")).not.toMatch(/planted|my prompt/);
    expect(process?.stdin).toBe("my prompt");
    expect(process?.env["CODEX_API_KEY"]).toBe("sk-planted-0123456789");
  });
});

function specOf(text: string): TurnSpec {
  return { input: [{ type: "text", text }], options: {}, outputSchema: null };
}

function missing(): never {
  throw new Error("there is no binary");
}

function execTurn(turn: {
  readonly input?: readonly TurnInputPart[];
  readonly binary: () => Promise<LocatedBinary>;
}): TurnConnection {
  return createExecTurn({
    client: {},
    env: {},
    binary: turn.binary,
    watchdog: createWatchdog(),
    guard: new HostGuard({ client: {}, env: {}, locate: missing }),
    spec: { ...specOf("x"), ...(turn.input === undefined ? {} : { input: turn.input }) },
    options: {},
    threadId: null,
    onThreadId: () => undefined,
  });
}

async function readAll(turn: TurnConnection): Promise<(readonly TurnMessage[])[]> {
  const batches: (readonly TurnMessage[])[] = [];
  await turn.run((batch) => {
    batches.push(batch);
    return undefined;
  });
  return batches;
}
