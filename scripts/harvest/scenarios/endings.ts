import type { ThreadEvent, TransportName } from "../../../src/index.js";
import { message, reasoning, respond, shell, stall } from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { tokens } from "./messages.js";

export const commandStarted = (event: ThreadEvent): boolean =>
  event.type === "item.started" && event.item.type === "commandExecution";
/** On exec, which has no deltas, no event reports the start of the answer. */
export const answerBegun = (transport: TransportName) => (event: ThreadEvent) =>
  event.type === "item.agentMessage.delta" ||
  (transport === "exec" && event.type === "item.completed" && event.item.type === "reasoning");

/** Turns that are stopped or steered from outside. */
export const endingScenarios: readonly Scenario[] = [
  {
    name: "interrupt-command",
    about: "A turn that is interrupted while a command runs; the thread goes on.",
    model: () => [respond(shell("sleep 30"), tokens), respond(message("Second."), tokens)],
    play: async (stage) => {
      const thread = stage.startThread();
      await stage.turn(thread, "Wait", { at: commandStarted, act: (turn) => turn.interrupt() });
      await stage.turn(thread, "Go on");
    },
  },
  {
    name: "interrupt-message",
    about: "A turn that is interrupted in the middle of its answer.",
    model: () => [respond(reasoning("Hm."), message("Once upon a time", { deltas: ["Once ", stall(), "upon"] }))],
    play: (stage) =>
      stage.turn(stage.startThread(), "Tell", {
        at: answerBegun(stage.transport),
        act: (turn) => turn.interrupt(),
      }),
  },
  {
    name: "abort",
    about: "A turn whose signal is aborted while a command runs.",
    model: () => [respond(shell("sleep 30"), tokens)],
    play: async (stage) => {
      const thread = stage.startThread();
      const act = (_turn: unknown, abort: AbortController): void => abort.abort(new Error("enough"));
      await stage.turn(thread, "Wait", { at: commandStarted, act });
      // codex reports the end of the command after the turn.
      if (stage.transport === "app-server") await stage.notified("item/completed", 2);
      await thread.close();
    },
  },
  {
    name: "steer",
    about: "A turn that is told more while a command runs.",
    transports: ["app-server"],
    model: () => [respond(shell("sleep 1"), tokens), respond(message("Said twice."), tokens)],
    play: (stage) =>
      stage.turn(stage.startThread(), "Say it", { at: commandStarted, act: (turn) => turn.steer("Say it twice") }),
  },
];
