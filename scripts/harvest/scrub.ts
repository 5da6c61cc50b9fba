import type { JsonObject, JsonValue } from "../../src/protocol/index.js";
import { isJsonObject } from "../../src/internal/json.js";

/**
 * Returns the value without data that changes from run to run: ids are numbered in the order of appearance, times and
 * durations are zero, and the names of this machine are removed.
 */
export function scrub(lines: readonly JsonObject[]): JsonObject[] {
  const ids = new Map<string, string>();
  const text = (value: string): string =>
    volatileTexts
      .reduce((clean, [pattern, by]) => clean.replace(pattern, by), value)
      .replace(uuid, (id) => {
        const number = ids.get(id) ?? `<id ${ids.size + 1}>`;
        ids.set(id, number);
        return number;
      });

  function walk(value: JsonValue, name: string): JsonValue {
    if (name === "status" && typeof value === "string" && early.test(value)) return "running";
    if (typeof value === "string") return volatileFields.test(name) ? `<${name}>` : text(value);
    if (typeof value === "number") return scrubNumber(value, name);
    if (Array.isArray(value)) return value.map((part: JsonValue) => walk(part, name));
    return isJsonObject(value) ? walkObject(value) : value;
  }

  function walkObject(value: JsonObject): JsonObject {
    const entries = Object.entries(withoutEstimate(value)).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[text(key), walk(inner, key)] as const],
    );
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  return lines.map((line) =>
    Object.fromEntries(Object.entries(line).map(([key, value = null]) => [key, walk(value, key)])),
  );
}

/** A killed command reports the code of a signal or -1, at random. */
function scrubNumber(value: number, name: string): JsonValue {
  if (name === "exitCode" && (value === -1 || value > 128)) return "<ended>";
  return times.test(name) ? 0 : value;
}

/** A total without parts is codex's estimate of its own prompt, which contains the name of the folder. */
function withoutEstimate(value: JsonObject): JsonObject {
  const { inputTokens, outputTokens, totalTokens } = value;
  const isEstimate = inputTokens === 0 && outputTokens === 0 && totalTokens !== 0 && totalTokens !== undefined;
  return isEstimate ? { ...value, totalTokens: "<estimate>" } : value;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Texts that change with every run and are not ids. */
const volatileTexts: readonly (readonly [RegExp, string])[] = [
  [/http:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1:<port>"],
  [/CODEXKIT_RUN_[0-9a-f]{32}/g, "CODEXKIT_RUN_<marker>"],
  [/[^"]*codexkit-schema-\w+/g, "<temporary folder>"],
  [/"nickname\\?":\\?"\w+/g, '"nickname":"'],
  [/\/\S*\/(?:ba|z|da)?sh -l?c(?= )/g, "<shell> -lc"],
  [/sessions\/\d{4}\/\d\d\/\d\d\/rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-/g, "sessions/<day>/rollout-<time>-"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<time>"],
];

/** An agent that has just received a task may not have begun to work. */
const early = /^pending_?[iI]nit$/;

const volatileFields =
  /^(?:userAgent|serverName|processId|installationId|platformOs|platformFamily|version|agentNickname|agent_nickname)$/;
const times = /(?:At|AtMs|Ms|_at|_ms)$/;
