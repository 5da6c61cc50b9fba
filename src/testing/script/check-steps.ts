import { OptionError } from "../../errors/option-error.js";
import { isJsonObject } from "../../internal/json.js";
import { describePart } from "./describe.js";
import type { FakePart } from "./fake-parts.js";
import type { FakeStep, ModelPart } from "./model-step.js";

/** Throws an `OptionError` (`INVALID_OPTION`) for entries of a script that are not steps. */
export function checkSteps(entries: unknown, place = "steps"): void {
  if (!Array.isArray(entries)) throw invalid(`\`${place}\` must be an array of steps, such as \`[respond(...)]\`.`);
  for (const [index, entry] of entries.entries()) checkEntry(entry, `${place}[${String(index)}]`);
}

/** Returns the problem of a value that is not a step, with advice; or null for a step. */
export function problemOfStep(value: unknown): string | null {
  const type = typeOf(value);
  if (Object.hasOwn(stepTypes, type)) return null;
  if (Object.hasOwn(partTypes, type))
    return `the part \`${describePart(value)}\`, not a step. Wrap it in \`respond(...)\`.`;
  return "not a step. Create it with `respond(...)`, `fail(...)` or another function of `codexkit/testing`.";
}

function checkEntry(entry: unknown, place: string): void {
  if (typeof entry === "function") return;
  if (isJsonObject(entry) && entry["type"] === "when") {
    checkSteps(entry["steps"], `${place}.steps`);
    return;
  }
  if (isJsonObject(entry) && entry["type"] === "repeat") {
    checkEntry(entry["step"], `${place}.step`);
    return;
  }
  const problem = problemOfStep(entry);
  if (problem !== null) throw invalid(`\`${place}\` is ${problem}`);
}

function typeOf(value: unknown): string {
  return isJsonObject(value) && typeof value["type"] === "string" ? value["type"] : "";
}

function invalid(message: string): OptionError {
  return new OptionError("INVALID_OPTION", "steps", message);
}

const stepTypes: Readonly<Record<FakeStep["type"] | "execRun", true>> = {
  response: true,
  httpError: true,
  raw: true,
  execRun: true,
};

const partTypes: Readonly<Record<(ModelPart | FakePart)["type"], true>> = {
  message: true,
  reasoning: true,
  functionCall: true,
  customToolCall: true,
  webSearch: true,
  hold: true,
  usage: true,
  pace: true,
  serverRequest: true,
  notify: true,
  stdout: true,
  stderr: true,
  closeStdout: true,
  die: true,
};
