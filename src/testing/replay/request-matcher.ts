import { basename } from "node:path/posix";
import type { JsonObject, JsonValue } from "../../internal/json.js";
import { createRedactor } from "../../internal/secrets/redact.js";
import { findDifferences, type JsonDifference } from "./json-difference.js";

/** How codex is set up, and where: no part of what it is asked. */
const setUp = ["cwd", "config", "sandboxPolicy.writableRoots"];

/** Compared only where both the recording and the request say something, since codex has a value of its own for each. */
const optional: ReadonlySet<string> = new Set(["model", "sandbox", "sandboxPolicy"]);

/** Compares what a client asks with what was recorded. */
export class RequestMatcher {
  readonly #ignored: readonly (readonly string[])[];

  /** Each of `ignore` is a path of keys with dots between, the method in front if it is meant for one only. */
  constructor(ignore: readonly string[] = []) {
    this.#ignored = [...setUp, ...ignore].map((path) => path.split("."));
  }

  /** Where a request differs from a recorded one of the same method, as far as it counts. */
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

/** Differences as one line of a message: where, what was recorded, and what came instead. */
export function describeDifferences(differences: readonly JsonDifference[]): string {
  const [first, ...others] = differences;
  if (first === undefined) return "";
  const more = others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
  return `${first.path.join(".")}: recorded ${show(first.recorded)}, got ${show(first.got)}${more}`;
}

/** A value for a message: cut, and without what has the shape of a credential. */
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

/** An image, or another file that is given with the input. */
function isFile(path: readonly string[]): boolean {
  return path[0] === "input" && path[2] === "path";
}

function isSameFile(recorded: JsonValue | undefined, got: JsonValue | undefined): boolean {
  return typeof recorded === "string" && typeof got === "string" && fileName(recorded) === fileName(got);
}

/** The last part of a path of either kind. */
export function fileName(path: string): string {
  return basename(path.replaceAll("\\", "/"));
}
