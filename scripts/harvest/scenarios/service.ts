import type { Codex } from "../../../src/index.js";
import { message, respond } from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { tokens } from "./messages.js";

/** Requests of the app-server protocol outside of turns. */
export const serviceScenarios: readonly Scenario[] = [
  {
    name: "questions",
    about: "What a client asks about threads, models, the account and the configuration.",
    transports: ["app-server"],
    bare: true,
    model: () => [respond(message("Hello."), tokens)],
    play: async (stage) => {
      const thread = stage.startThread();
      await stage.turn(thread, "Say hello");
      await ask(stage.codex, await thread.start());
      await stage.notified("thread/closed");
    },
  },
  {
    name: "review",
    about: "A review of the work tree, in the thread itself.",
    transports: ["app-server"],
    bare: true,
    model: () => [
      respond(
        message(
          '{"findings":[],"overall_correctness":"patch is correct","overall_explanation":"Fine.","overall_confidence_score":0.9}',
        ),
        tokens,
      ),
    ],
    play: async (stage) => {
      const thread = stage.startThread();
      const threadId = await thread.start();
      const target = { type: "custom", instructions: "Look at everything." } as const;
      await stage.codex.appServer.request("review/start", { threadId, target });
      await stage.notified("turn/completed");
      // A thread without a subscriber is unloaded.
      await thread.close();
    },
  },
  {
    name: "compact-request",
    about: "A thread that is compacted because the client says so.",
    transports: ["app-server"],
    bare: true,
    model: () => [respond(message("First."), tokens), respond(message("What was said so far."), tokens)],
    play: async (stage) => {
      const thread = stage.startThread();
      await stage.turn(thread, "One");
      await stage.codex.appServer.request("thread/compact/start", { threadId: await thread.start() });
      await stage.notified("turn/completed", 2);
    },
  },
];

async function ask({ appServer }: Codex, threadId: string): Promise<void> {
  await appServer.request("thread/backgroundTerminals/list", { threadId });
  await appServer.request("thread/backgroundTerminals/clean", { threadId });
  await appServer.request("thread/read", { threadId, includeTurns: true });
  await appServer.request("thread/list", { limit: 5 });
  await appServer.request("thread/turns/list", { threadId });
  await appServer.request("thread/items/list", { threadId });
  await appServer.request("thread/fork", { threadId, excludeTurns: true });
  await appServer.request("thread/resume", { threadId });
  await appServer.request("model/list", {});
  await appServer.request("account/read", {});
  await appServer.request("account/login/start", { type: "apiKey", apiKey: "sk-scripted-0000" });
  await appServer.request("account/logout", undefined);
  await appServer.request("config/read", {});
  await appServer.request("thread/unsubscribe", { threadId });
}
