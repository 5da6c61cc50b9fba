import type { JsonObject } from "../../../../src/internal/json.js";
import { parseRecording, type RecordedProcess, type Recording } from "../../../../src/testing/record/recording.js";

/** What one process of a recording said, in order: `>` to codex, `<` from it, `!` on stderr, or any other entry. */
export type Said = readonly [">" | "<" | "!", JsonObject | string] | JsonObject;

/** A recording of these processes, as a recorder writes it. */
export function recordingOf(
  ...processes: readonly { readonly argv: readonly string[]; readonly said: readonly Said[] }[]
): Recording {
  const entries = processes.flatMap(({ argv, said }, index) => {
    const common = { process: `p${index}`, at: 0 };
    const start = { type: "start", ...common, pid: index + 1, argv, cwd: "/work", env: [] };
    return [start, ...said.map((one) => ({ ...common, ...toEntry(one) }))];
  });
  const header = { type: "recording", version: 1, codexVersion: "0.169.0" };
  return parseRecording([header, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

/** One recorded life of an app-server. */
export function lifeOf(...said: readonly Said[]): RecordedProcess {
  const [process] = recordingOf({ argv: ["app-server"], said }).processes;
  if (process === undefined) throw new Error("a recording of one process has one");
  return process;
}

function toEntry(one: Said): object {
  if (!isLine(one)) return one;
  const [direction, text] = one;
  const type = direction === ">" ? "stdin" : direction === "<" ? "stdout" : "stderr";
  return { type, ...(typeof text === "string" ? { line: text } : { json: text }) };
}

function isLine(one: Said): one is readonly [">" | "<" | "!", JsonObject | string] {
  return Array.isArray(one);
}
