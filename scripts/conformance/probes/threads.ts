import { message, repeat, respond, shell, gate } from "../../../src/testing/index.js";
import { bodyOf, observe } from "../observe.js";
import type { Probe } from "../probe.js";

const answers = (...texts: string[]) => texts.map((text) => respond(message(text)));

/** Work over several turns, clients and processes. */
export const threadProbes: readonly Probe[] = [
  {
    id: "resume.state",
    feature: "resume",
    model: () => answers("First.", "Second."),
    play: async (stage) => {
      const first = stage.thread();
      await first.run("One");
      await stage.codex.close();
      const second = await stage.client().resumeThread(first.toJSON()).run("Two");
      return {
        answer: second.finalResponse,
        same: second.threadId === first.id,
        body: bodyOf(stage.model.requests[1]),
      };
    },
    expected: { answer: "Second.", same: true, body: /One.*First\..*Two/ },
  },
  {
    id: "resume.id",
    feature: "resume",
    model: () => answers("First.", "Second."),
    play: async (stage) => {
      const first = stage.thread();
      await first.run("One");
      await stage.codex.close();
      await stage
        .client()
        .resumeThread(first.id ?? "", stage.threadOptions())
        .run("Two");
      return bodyOf(stage.model.requests[1]);
    },
    expected: /One.*First\..*Two/,
  },
  {
    id: "resume.other-transport",
    feature: "resume",
    model: () => answers("First.", "Second."),
    play: async (stage) => {
      const first = stage.thread();
      await first.run("One");
      await stage.codex.close();
      const transport = stage.transport === "exec" ? "app-server" : "exec";
      await stage
        .client({ transport })
        .resumeThread(first.id ?? "", stage.threadOptions())
        .run("Two");
      return bodyOf(stage.model.requests[1]);
    },
    expected: /One.*First\..*Two/,
  },
  {
    id: "resume.unknown",
    feature: "resume",
    model: () => [],
    play: async (stage) => {
      const id = "01a207d4-827a-73d2-bc89-0ec14ef74d9b";
      return (await observe(stage.codex.resumeThread(id, stage.threadOptions()).runStreamed("Two"))).error;
    },
    expected: { code: "THREAD_NOT_FOUND" },
  },
  {
    id: "update.model",
    feature: "update",
    model: () => answers("1", "2"),
    play: async (stage) => {
      const thread = stage.thread();
      await thread.run("One");
      await thread.update({ model: "gpt-5.4" });
      await thread.run("Two");
      return stage.model.requests[1]?.body["model"];
    },
    expected: "gpt-5.4",
  },
  {
    id: "ephemeral.no-file",
    feature: "ephemeral",
    model: () => answers("First."),
    play: async (stage) => {
      const thread = stage.thread({ ephemeral: true });
      await thread.run("One");
      await stage.codex.close();
      const again = stage.client().resumeThread(thread.id ?? "", stage.threadOptions());
      return (await observe(again.runStreamed("Two"))).error;
    },
    expected: { code: "THREAD_NOT_FOUND" },
  },
  {
    id: "fork.history",
    feature: "fork",
    transports: ["app-server"],
    model: () => answers("First.", "Forked."),
    play: async (stage) => {
      const first = stage.thread();
      await first.run("One");
      const forked = await stage.codex.appServer.request("thread/fork", { threadId: first.id ?? "" });
      const second = await stage.codex.resumeThread(forked.thread.id, stage.threadOptions()).run("Two");
      return { other: second.threadId !== first.id, body: bodyOf(stage.model.requests[1]) };
    },
    expected: { other: true, body: /One.*First\..*Two/ },
  },
  {
    id: "steer.reaches-model",
    feature: "steer",
    transports: ["app-server"],
    model: () => [respond(shell("sleep 0.5")), respond(message("Done."))],
    play: async (stage) => {
      const turn = stage.thread().runStreamed("Work");
      const seen = await observe(turn, async (event) => {
        if (event.type === "item.started" && event.item.type === "commandExecution") await turn.steer("And the docs");
      });
      return { status: seen.status, body: bodyOf(stage.model.requests[1]) };
    },
    expected: { status: "completed", body: /And the docs/ },
  },
  {
    id: "crash.restart",
    feature: "crash restart",
    transports: ["app-server"],
    model: () => answers("First.", "Second."),
    play: async (stage) => {
      const thread = stage.thread();
      await thread.run("One");
      process.kill(stage.pids[0] ?? 0, "SIGKILL");
      const outcome = await thread.run("Two").catch(() => thread.run("Two"));
      return { answer: outcome.finalResponse, processes: stage.pids.length, body: bodyOf(stage.model.requests[1]) };
    },
    expected: { answer: "Second.", processes: 2, body: /One.*First\..*Two/ },
  },
  {
    id: "crash.in-turn",
    feature: "crash restart",
    model: () => {
      const held = gate();
      return [respond(held, message("never"))];
    },
    play: async (stage) => {
      const turn = stage.thread().runStreamed("Work");
      const seen = observe(turn);
      await stage.until("the model's request", () => stage.model.requests.length > 0);
      process.kill(stage.pids.at(-1) ?? 0, "SIGKILL");
      return (await seen).error;
    },
    expected: { code: "PROCESS_EXITED" },
  },
  {
    id: "threads.many",
    feature: "turn",
    transports: ["app-server"],
    model: () => [repeat(respond(message("ok")))],
    play: async (stage) => {
      const threads = Array.from({ length: 16 }, () => stage.thread({ ephemeral: true }));
      const results = await Promise.all(threads.map((thread, index) => thread.run(`task ${index}`)));
      return { answers: new Set(results.map(({ finalResponse }) => finalResponse)).size, processes: stage.pids.length };
    },
    expected: { answers: 1, processes: 1 },
  },
];
