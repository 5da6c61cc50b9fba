import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CodexError, partialResultOf, type ThreadEvent } from "../../src/index.js";
import { gate, message, type ModelRequest, repeat, respond, shell, usage, when } from "../../src/testing/index.js";
import { openRealCodex } from "./real-codex.js";
import { supportedVersions } from "../../src/protocol/index.js";

describe("the app-server", () => {
  it("one process serves all threads of a client, and concurrent requests start it once", async () => {
    const steps = Array.from({ length: 16 }, (_, index) =>
      when(`task-${String(index)}-`, respond(message(`answer ${String(index)}`))),
    );
    await using stand = await openRealCodex("app-server", steps);
    const threads = steps.map(() => stand.codex.startThread(stand.thread));
    const results = await Promise.all(threads.map((thread, index) => thread.run(`task-${String(index)}-`)));
    expect(results.map(({ finalResponse }) => finalResponse)).toEqual(
      steps.map((_, index) => `answer ${String(index)}`),
    );
    expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(16);
    expect(stand.pids).toHaveLength(1);
    await stand.model.assertDone();
  });

  it("thread.start() sets the id before the first turn, and ready() starts codex in advance", async () => {
    await using stand = await openRealCodex("app-server", [respond(message("hi"))]);
    expect(await stand.codex.ready()).toMatchObject({
      version: supportedVersions.newest,
      standing: "proven",
      codexHome: stand.home,
    });
    const thread = stand.codex.startThread(stand.thread);
    expect(thread.id).toBeNull();
    const id = await thread.start();
    expect(thread.id).toBe(id);
    expect((await thread.run("hello")).threadId).toBe(id);
    expect(stand.pids).toHaveLength(1);
  });

  it("[A1.23] refuses a command that asks to leave the sandbox: the model is informed, the turn continues, and an event reports it", async () => {
    const steps = [
      respond(shell("touch made.txt", { callId: "touch", escalate: true, justification: "May I?" })),
      (request: ModelRequest) => {
        expect(request.output("touch")).toMatch(/reject|declin/i);
        return respond(message("I may not."));
      },
    ];
    await using stand = await openRealCodex("app-server", steps);
    const turn = stand.codex.startThread({ ...stand.thread, approvalPolicy: "on-request" }).runStreamed("Make a file");
    const events: ThreadEvent[] = [];
    for await (const event of turn) events.push(event);
    expect((await turn.result()).finalResponse).toBe("I may not.");
    expect(events.find(({ type }) => type === "codexkit.request.refused")).toMatchObject({
      method: "item/commandExecution/requestApproval",
    });
    await expect(readFile(join(stand.workTree, "made.txt"))).rejects.toMatchObject({ code: "ENOENT" });
    await stand.model.assertDone();
  });

  it("[A1.10] if the process is killed during a turn, the turn rejects with its partial result, and the next run resumes in a new process", async () => {
    const held = gate();
    const tokens = usage({ input: 42, cached: 12, output: 5 });
    const steps = [
      respond(shell("echo kept"), tokens),
      respond(held, message("never")),
      respond(message("after"), tokens),
    ];
    await using stand = await openRealCodex("app-server", steps);
    const thread = stand.codex.startThread(stand.thread);
    const result = thread.run("Work").catch((error: unknown) => error);
    await held.reached;
    process.kill(stand.pids[0] ?? 0, "SIGKILL");
    const error = await result;
    held.open();
    expect(error).toMatchObject({ code: "PROCESS_EXITED", signal: "SIGKILL" });
    expect(partialResultOf(error)?.items.some((item) => item.type === "commandExecution")).toBe(true);
    const turn = thread.runStreamed("Go on");
    const warnings: string[] = [];
    for await (const event of turn)
      if (event.type === "codexkit.warning") warnings.push(`${event.code}: ${event.message}`);
    expect(warnings).toEqual([expect.stringMatching(/^APP_SERVER_RESTARTED: .*SIGKILL.* lost/)]);
    const { finalResponse, threadId } = await turn.result();
    expect([finalResponse, threadId]).toEqual(["after", thread.id]);
    expect(stand.pids).toHaveLength(2);
  });

  it("[A1.21] an ephemeral thread rejects after the end of its process", async () => {
    await using stand = await openRealCodex("app-server", [repeat(respond(message("ok")))]);
    const thread = stand.codex.startThread({ ...stand.thread, ephemeral: true });
    await thread.run("one");
    process.kill(stand.pids[0] ?? 0, "SIGKILL");
    const error = await thread.run("two").catch(() => thread.run("three").catch((reason: unknown) => reason));
    expect(error).toMatchObject({ code: "THREAD_NOT_FOUND" });
    expect(String(error)).toContain("it was ephemeral");
    expect((await stand.codex.startThread(stand.thread).run("four")).finalResponse).toBe("ok");
  });

  it("[A1.21] if the process is killed during 32 turns, all reject, one new process resumes 28 threads, and 4 cannot be resumed", async () => {
    const held = gate();
    const early = (request: ModelRequest) =>
      request.userText.includes("after") ? respond(message("ok")) : respond(held);
    await using stand = await openRealCodex("app-server", [repeat(early)]);
    const threads = Array.from({ length: 32 }, (_, index) =>
      stand.codex.startThread({ ...stand.thread, ephemeral: index >= 28 }),
    );
    const turns = threads.map((thread) => thread.runStreamed("before"));
    const outcomes = turns.map((turn) => turn.result().catch((error: unknown) => error));
    await Promise.all(turns.map((turn) => turn.start()));
    process.kill(stand.pids[0] ?? 0, "SIGKILL");
    for (const error of await Promise.all(outcomes)) expect(error).toMatchObject({ code: "PROCESS_EXITED" });
    const again = await Promise.all(
      threads.map((thread) => thread.run("after").then(({ finalResponse }) => finalResponse, codeOf)),
    );
    expect(again).toEqual(threads.map((_, index) => (index < 28 ? "ok" : "THREAD_NOT_FOUND")));
    expect(stand.pids).toHaveLength(2);
    held.open();
  });

  it("[A1.8] the turn options of one handle do not apply to another handle of the thread", async () => {
    await using stand = await openRealCodex("app-server", [repeat(respond(message("ok")))]);
    const first = stand.codex.startThread(stand.thread);
    await first.run("1");
    const second = stand.codex.resumeThread(first.toJSON());
    await second.start();
    await first.run("2", { modelReasoningEffort: "high" });
    await second.run("3");
    const efforts = stand.model.requests.map(({ body }) => JSON.stringify(body["reasoning"]));
    expect(efforts[1]).toContain("high");
    expect(efforts[2]).toBe(efforts[0]);
  });

  it("raw requests are typed and checked", async () => {
    await using stand = await openRealCodex("app-server", []);
    const { data } = await stand.codex.appServer.request("model/list", {});
    expect(data.some((model) => model.isDefault)).toBe(true);
    await expect(stand.codex.appServer.requestRaw("no/such/method")).rejects.toMatchObject({
      code: "RPC_ERROR",
      rpcCode: -32600,
    });
  });

  it("timeoutMs ends a hanging turn with its partial result", async () => {
    const held = gate();
    await using stand = await openRealCodex("app-server", [
      respond(shell("echo kept")),
      respond(held, message("never")),
    ]);
    const error: unknown = await stand.codex
      .startThread(stand.thread)
      .run("Work", { timeoutMs: 1500 })
      .catch((caught: unknown) => caught);
    held.open();
    expect(error).toMatchObject({ code: "TURN_TIMEOUT", limit: "timeoutMs" });
    expect(partialResultOf(error)?.items.some((item) => item.type === "commandExecution")).toBe(true);
  });

  it("64 turns at once on one process", async () => {
    await using stand = await openRealCodex("app-server", [
      repeat(respond(message("ok"), usage({ input: 1, output: 1 }))),
    ]);
    const threads = Array.from({ length: 64 }, () => stand.codex.startThread({ ...stand.thread, ephemeral: true }));
    const results = await Promise.all(threads.map((thread, index) => thread.run(`task ${String(index)}`)));
    expect(results.every(({ finalResponse }) => finalResponse === "ok")).toBe(true);
    expect(stand.pids).toHaveLength(1);
  });
});

function codeOf(error: unknown): string {
  return CodexError.isInstance(error) ? error.code : String(error);
}
