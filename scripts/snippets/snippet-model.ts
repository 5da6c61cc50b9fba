import {
  createScriptedModel,
  message,
  repeat,
  respond,
  shell,
  stall,
  usage,
  type ModelRequest,
  type ModelStep,
  type ScriptedModel,
} from "../../src/testing/index.js";
import { exampleValue } from "./example-value.js";

/**
 * Creates the model for the programs of the pages. It reads a file and then answers, with a value that fits the output
 * schema if the turn has one. A prompt with "the whole repository" keeps it busy without an end, for programs that stop
 * a turn.
 */
export async function createSnippetModel(): Promise<ScriptedModel> {
  return createScriptedModel([repeat(answer)], { strict: false });
}

function answer(request: ModelRequest): ModelStep {
  const tokens = usage({ input: 1000, cached: 500, output: 40, reasoning: 10 });
  if (request.userText.includes("the whole repository")) return respond(message("I begin with "), stall());
  if (request.outputSchema !== undefined) {
    return respond(message(JSON.stringify(exampleValue(request.outputSchema))), tokens);
  }
  const asked = request.input.at(-1)?.["role"] === "user";
  if (asked) return respond(shell("cat README.md"), tokens);
  return respond(message("It says hello to whoever is named.", { deltas: 8 }), tokens);
}
