import type { JsonValue } from "../../src/protocol/index.js";
import { asObject, isJsonObject, parseJson } from "../../src/internal/json.js";

/** The content of one fixture: the values at each path, and the number of messages of each kind. */
export type WireParts = ReadonlyMap<string, string>;

/**
 * Returns the paths of the messages from codex in a canonical form. The requests of codexkit are not part of it. A path
 * has the method, and the `type` of each object that has one; its value is the list of the different values.
 */
export function readWireParts(canonical: string): WireParts {
  const values = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  const add = (path: string, value: JsonValue): void => {
    if (Array.isArray(value)) return value.forEach((part: JsonValue) => add(`${path}[]`, part));
    if (isJsonObject(value)) {
      const { type } = value;
      const own = typeof type === "string" ? `${path}<${type}>` : path;
      for (const [key, inner] of Object.entries(value)) if (inner !== undefined) add(`${own}.${key}`, inner);
      return;
    }
    values.set(path, (values.get(path) ?? new Set()).add(JSON.stringify(value)));
  };
  for (const line of canonical.split("\n").filter((text) => text !== "")) {
    const { request, answer, message, stdout } = asObject(parseJson(line));
    const name = asObject(message ?? request)["method"] ?? asObject(stdout)["type"];
    const method = typeof name === "string" ? name : "";
    if (answer !== undefined) add(`answer of ${method}`, answer);
    if (message === undefined && stdout === undefined) continue;
    counts.set(method, (counts.get(method) ?? 0) + 1);
    add(method, stdout ?? asObject(message)["params"] ?? null);
  }
  return new Map([
    ...[...values].map(([path, found]): [string, string] => [path, [...found].sort().join(", ")]),
    ...[...counts].map(([method, count]): [string, string] => [`number of ${method}`, String(count)]),
  ]);
}
