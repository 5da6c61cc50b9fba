import { basename } from "node:path/posix";
import type { JsonObject, JsonValue } from "../../internal/json.js";
import { createRedactor } from "../../internal/secrets/redact.js";
import { findDifferences, type JsonDifference } from "./json-difference.js";

/** Keys that are never compared, because they describe the machine and not the request. */
const environment = ["cwd", "config", "sandboxPolicy.writableRoots"];

/** Keys that are compared only if both requests contain them, because codex has a default for each. */
const optional: ReadonlySet<string> = new Set(["model", "sandbox", "sandboxPolicy"]);

/** Compares a client's request with a recorded one. */
export class RequestMatcher {
  readonly #ignored: readonly (readonly string[])[];

  /** Each entry of `ignore` is a path of keys, separated by dots. A path for one method only begins with the method. */
  constructor(ignore: readonly string[] = []) {
    this.#ignored = [...environment, ...ignore].map((path) => path.split("."));
  }

  /** Returns the relevant differences of a request from a recorded one with the same method. */
  differences(method: string, recorded: JsonObject, got: JsonObject): JsonDifference[] {
    return findDifferences(recorded, got).filter((difference) => this.#counts(method, difference));
  }

  matches(method: string, recorded: JsonObject, got: JsonObject): boolean {
    return this.differences(method, recorded, got).length === 0;
  }

  #counts(method: string, { path, recorded, got }: JsonDifference): boolean {
    const [first = ""] = path;
    if (path.length === 1 && optional.has(first) && (isNothing(recorded) || isNothing(got))) return false;
    if (isFile(path) && isSameFile(recorded, got)) return false;
    return !this.#ignored.some((ignored) => isUnder(path, ignored) || isUnder([method, ...path], ignored));
  }
}

/** Describes differences in one line: the first one with its path, the recorded value and the received one. */
export function describeDifferences(differences: readonly JsonDifference[]): string {
  const [first, ...others] = differences;
  if (first === undefined) return "";
  const more = others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
  return `${first.path.join(".")}: recorded ${show(first.recorded)}, got ${show(first.got)}${more}`;
}

/** Formats a value for a message, shortened and without credentials. */
export function show(value: JsonValue | undefined): string {
  if (isNothing(value)) return "nothing";
  const text = redact(JSON.stringify(value));
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

const redact = createRedactor();

function isNothing(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function isUnder(path: readonly string[], ignored: readonly string[]): boolean {
  return ignored.length <= path.length && ignored.every((key, at) => key === "*" || key === path[at]);
}

/** True for the path of a file in the input, such as an image. */
function isFile(path: readonly string[]): boolean {
  return path[0] === "input" && path[2] === "path";
}

function isSameFile(recorded: JsonValue | undefined, got: JsonValue | undefined): boolean {
  return typeof recorded === "string" && typeof got === "string" && fileName(recorded) === fileName(got);
}

/** Returns the file name of a POSIX or Windows path. */
export function fileName(path: string): string {
  return basename(path.replaceAll("\\", "/"));
}
