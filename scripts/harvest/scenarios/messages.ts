import { functionCall, message, reasoning, respond, shell, usage } from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import type { Stage } from "../stage.js";

/** The tokens of every answer of a scenario, by default. */
export const tokens = usage({ input: 100, cached: 40, output: 20, reasoning: 6 });

/** A turn of a new thread. */
export const oneTurn = (prompt: string) => (stage: Stage) => stage.turn(stage.startThread(), prompt);

/** All forms of the model's text: messages, reasoning, plans, phases, structured output. */
export const messageScenarios: readonly Scenario[] = [
  {
    name: "text",
    about: "An answer in one piece.",
    model: () => [respond(message("Hello."), tokens)],
    play: oneTurn("Say hello"),
  },
  {
    name: "deltas",
    about: "An answer in pieces, with characters that are no ASCII and one that looks like a line's end.",
    model: () => [respond(message("Hello wörld \u2028 😀.", { deltas: ["Hello ", "wörld \u2028 😀", "."] }), tokens)],
    play: oneTurn("Say hello"),
  },
  {
    name: "reasoning",
    about: "Reasoning in two parts, then an answer.",
    model: () => [respond(reasoning(["**One** first", "**Two** then"]), message("Thought."), tokens)],
    play: oneTurn("Think"),
  },
  {
    name: "plan",
    about: "A plan that is made and then changed.",
    model: () => [
      respond(functionCall("update_plan", { plan: [step("look", "in_progress"), step("act", "pending")] }), tokens),
      respond(
        functionCall("update_plan", {
          explanation: "seen",
          plan: [step("look", "completed"), step("act", "in_progress")],
        }),
        tokens,
      ),
      respond(message("Done."), tokens),
    ],
    play: oneTurn("Make a plan"),
  },
  {
    name: "phases",
    about: "Commentary before a command, and a final answer after it.",
    model: () => [
      respond(message("I will look.", { phase: "commentary" }), shell("true"), tokens),
      respond(message("All good.", { phase: "final_answer" }), tokens),
    ],
    play: oneTurn("Look"),
  },
  {
    name: "structured-output",
    about: "An answer that follows the turn's JSON Schema.",
    model: () => [respond(message('{"ok":true,"notes":["fine"]}'), tokens)],
    play: (stage) => stage.turn(stage.startThread(), "Is it fine?", { options: { outputSchema } }),
  },
];

const outputSchema = {
  type: "object",
  properties: { ok: { type: "boolean" }, notes: { type: "array", items: { type: "string" } } },
  required: ["ok", "notes"],
  additionalProperties: false,
};

function step(text: string, status: string) {
  return { step: text, status };
}
