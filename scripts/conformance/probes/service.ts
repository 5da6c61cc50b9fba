import { message, respond } from "../../../src/testing/index.js";
import { bodyOf } from "../observe.js";
import type { Probe } from "../probe.js";

const review =
  '{"findings":[],"overall_correctness":"patch is correct","overall_explanation":"Fine.","overall_confidence_score":0.9}';

/** Work that is started by requests of the protocol. */
export const serviceProbes: readonly Probe[] = [
  {
    id: "compact.request",
    feature: "compact",
    transports: ["app-server"],
    model: () => ["First.", "What was said so far.", "Second."].map((text) => respond(message(text))),
    play: async (stage) => {
      const thread = stage.thread();
      await thread.run("One");
      const threadId = thread.id ?? "";
      await stage.codex.appServer.request("thread/compact/start", { threadId });
      await stage.until("the end of the compaction", async () => {
        const { thread: stored } = await stage.codex.appServer.request("thread/read", {
          threadId,
          includeTurns: false,
        });
        return stage.model.requests.length === 2 && stored.status.type === "idle";
      });
      const next = await thread.run("Two");
      return { answer: next.finalResponse, body: bodyOf(stage.model.requests[2]) };
    },
    expected: { answer: "Second.", body: /What was said so far\./ },
  },
  {
    id: "compact.automatic",
    feature: "compact",
    model: () => ["First.", "What was said so far.", "Second."].map((text) => respond(message(text))),
    play: async (stage) => {
      const config = { model_auto_compact_token_limit: 10 };
      const thread = stage.thread({ config });
      await thread.run("One");
      await thread.run("Two");
      return stage.model.requests.length;
    },
    expected: /[23]/,
  },
  {
    id: "review.request",
    feature: "review",
    transports: ["app-server"],
    model: () => [respond(message(review))],
    play: async (stage) => {
      const thread = stage.thread();
      const threadId = await thread.start();
      const target = { type: "custom", instructions: "Look at everything." } as const;
      await stage.codex.appServer.request("review/start", { threadId, target });
      await stage.until("the request of the review", () => stage.model.requests.length === 1);
      return bodyOf(stage.model.requests[0]);
    },
    expected: /Look at everything\./,
  },
];
