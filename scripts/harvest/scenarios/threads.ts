import { message, respond, usage } from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { tokens } from "./messages.js";

/** Work over several turns. */
export const threadScenarios: readonly Scenario[] = [
  {
    name: "multi-turn",
    about: "Two turns of one thread.",
    model: () => [respond(message("First."), tokens), respond(message("Second."), tokens)],
    play: async (stage) => {
      const thread = stage.startThread();
      await stage.turn(thread, "One");
      await stage.turn(thread, "Two");
    },
  },
  {
    name: "resume",
    about: "A thread that another process goes on with.",
    model: () => [respond(message("First."), tokens), respond(message("Second."), tokens)],
    play: async (stage) => {
      const thread = stage.startThread();
      await stage.turn(thread, "One");
      await stage.reopen();
      await stage.turn(stage.codex.resumeThread(thread.toJSON()), "Two");
    },
  },
  {
    name: "unknown-model",
    about: "A model that codex has no description of.",
    model: () => [respond(message("Done."), tokens)],
    play: (stage) => stage.turn(stage.startThread({ model: "no-such-model" }), "Say hello"),
  },
  {
    name: "compaction",
    about: "A thread that has grown too long and is compacted before its next turn.",
    config: { model_auto_compact_token_limit: 5_000 },
    model: () => [
      respond(message("First."), usage({ input: 9_000, output: 100 })),
      respond(message("What was said so far."), usage({ input: 9_100, output: 50 })),
      respond(message("Second."), tokens),
    ],
    play: async (stage) => {
      const thread = stage.startThread();
      await stage.turn(thread, "One");
      await stage.turn(thread, "Two");
    },
  },
];
