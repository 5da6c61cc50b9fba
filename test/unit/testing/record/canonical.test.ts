import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { toCanonical } from "../../../../scripts/harvest/canonical.js";
import { asObject } from "../../../../src/internal/json.js";
import { parseRecording, type RecordedEntry, type Recording } from "../../../../src/testing/index.js";
import { supportedVersions } from "../../../../src/protocol/index.js";

const folder = `test/fixtures/wire/${supportedVersions.newest}/app-server`;
const file = `${folder}/sub-agent-code-mode.recording.jsonl`;

const interrupted = `${folder}/sub-agent-interrupt-code-mode.recording.jsonl`;

it("[A0.1] has one canonical form, whether the sub-agent or the wait for it is reported first", () => {
  const recording = parseRecording(readFileSync(file, "utf8"), file);
  const early = withEarlyEnd(recording);

  expect(early).not.toEqual(recording);
  expect(toCanonical(early)).toBe(toCanonical(recording));
});

it("[A0.1] has one canonical form, whether codex reports the usage of an interrupted turn once or twice", () => {
  const recording = parseRecording(readFileSync(interrupted, "utf8"), interrupted);
  const once = withoutRepeatedUsage(recording);

  expect(once).not.toEqual(recording);
  expect(toCanonical(once)).toBe(toCanonical(recording));
});

function withoutRepeatedUsage({ processes, ...rest }: Recording): Recording {
  const seen = new Set<string>();
  const isFirst = (entry: RecordedEntry): boolean => {
    const usage = paramsOf(entry)["tokenUsage"];
    if (usage === undefined) return true;
    const text = JSON.stringify(paramsOf(entry));
    return !seen.has(text) && seen.add(text).size > 0;
  };
  return { ...rest, processes: processes.map((each) => ({ ...each, entries: each.entries.filter(isFirst) })) };
}

/** Returns the recording with the end of the sub-agent before the start of the wait. */
function withEarlyEnd({ processes, ...rest }: Recording): Recording {
  return {
    ...rest,
    processes: processes.map(({ entries, ...process }) => {
      const ends = entries.filter((entry) => kindOf(entry) === "completed");
      const others = entries.filter((entry) => kindOf(entry) !== "completed");
      const wait = others.findIndex((entry) => itemOf(entry)["id"] === "call_wait");
      return { ...process, entries: [...others.slice(0, wait), ...ends, ...others.slice(wait)] };
    }),
  };
}

function kindOf(entry: RecordedEntry): unknown {
  return itemOf(entry)["kind"];
}

function itemOf(entry: RecordedEntry) {
  return asObject(paramsOf(entry)["item"]);
}

function paramsOf(entry: RecordedEntry) {
  const message = entry.type === "stdout" ? asObject(entry.json) : {};
  return asObject(message["params"]);
}
