import { isJsonObject } from "../internal/json.js";
import { checkMilliseconds } from "../internal/time/milliseconds.js";
import { adviseName } from "../errors/nearest-name.js";
import { OptionError } from "../errors/option-error.js";

/** Throws an `OptionError` for a tool option that is unknown, missing or of the wrong type. `checkToolName` checks names. */
export function checkToolOptions(options: unknown): void {
  if (!isJsonObject(options))
    throw new OptionError("INVALID_TOOL", "options", "The options of a tool must be an object.");
  const name = typeof options["name"] === "string" ? ` ${JSON.stringify(options["name"].slice(0, 200))}` : "";
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(checks, key)) continue;
    const advice = adviseName(key, Object.keys(checks));
    const message = `The tool${name} has the unknown option \`${key.slice(0, 80)}\`. ${advice}`;
    throw new OptionError("UNKNOWN_OPTION", key, message);
  }
  for (const [key, check] of Object.entries(checks)) {
    const problem = check(options[key]);
    const article = /^[aeio]/.test(key) ? "an" : "a";
    if (problem !== null)
      throw new OptionError("INVALID_TOOL", key, `The tool${name} needs ${article} \`${key}\` that ${problem}.`);
  }
}

type Check = (value: unknown) => string | null;

const isFunction = (value: unknown): boolean => typeof value === "function";
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value);
const booleanOrFunction: Check = (value) =>
  typeof value === "boolean" || isFunction(value) ? null : "is a boolean or a function";
const guardrails: Check = (value) =>
  Array.isArray(value) && value.every(isGuardrail)
    ? null
    : "is an array of functions, or of objects with `name` and `check`";

const checks: Readonly<Record<string, Check>> = {
  name: () => null,
  namespace: () => null,
  description: (value) => (typeof value === "string" && value.trim() !== "" ? null : "describes the tool to the model"),
  parameters: () => null,
  execute: (value) => (isFunction(value) ? null : "is a function"),
  isEnabled: orAbsent(booleanOrFunction),
  timeoutMs: orAbsent((value) =>
    value === null || checkMilliseconds(value) === null
      ? null
      : "is null, or a number of milliseconds over 0 and at most 2,147,483,647",
  ),
  needsApproval: orAbsent(booleanOrFunction),
  onError: orAbsent((value) => (isFunction(value) ? null : "is a function")),
  inputGuardrails: orAbsent(guardrails),
  outputGuardrails: orAbsent(guardrails),
};

function isGuardrail(value: unknown): boolean {
  return isFunction(value) || (isJsonObject(value) && typeof value["name"] === "string" && isFunction(value["check"]));
}
