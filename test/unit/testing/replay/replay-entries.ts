import type { JsonObject } from "../../../../src/internal/json.js";
import { parseRecording, type RecordedProcess, type Recording } from "../../../../src/testing/record/recording.js";

/** One event of a recorded process: `>` is a line to codex, `<` a line from it, `!` a line on stderr. */
export type RecordedEvent = readonly [">" | "<" | "!", JsonObject | string] | JsonObject;

/** Creates a recording of these processes. */
export function recordingOf(
  ...processes: readonly { readonly argv: readonly string[]; readonly events: readonly RecordedEvent[] }[]
): Recording {
  const entries = processes.flatMap(({ argv, events }, index) => {
    const common = { process: `p${index}`, at: 0 };
    const start = { type: "start", ...common, pid: index + 1, argv, cwd: "/work", env: [] };
    return [start, ...events.map((one) => ({ ...common, ...toEntry(one) }))];
  });
  const header = { type: "recording", version: 1, codexVersion: "0.169.0" };
  return parseRecording([header, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

/** Creates a recorded process of an app-server. */
export function lifeOf(...events: readonly RecordedEvent[]): RecordedProcess {
  const [process] = recordingOf({ argv: ["app-server"], events }).processes;
  if (process === undefined) throw new Error("a recording of one process has one");
  return process;
}

function toEntry(one: RecordedEvent): object {
  if (!isLine(one)) return one;
  const [direction, text] = one;
  const type = direction === ">" ? "stdin" : direction === "<" ? "stdout" : "stderr";
  return { type, ...(typeof text === "string" ? { line: text } : { json: text }) };
}

function isLine(one: RecordedEvent): one is readonly [">" | "<" | "!", JsonObject | string] {
  return Array.isArray(one);
}
