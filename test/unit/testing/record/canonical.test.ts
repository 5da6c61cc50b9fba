import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { toCanonical } from "../../../../scripts/harvest/canonical.js";
import { asObject } from "../../../../src/internal/json.js";
import { parseRecording, type RecordedEntry, type Recording } from "../../../../src/testing/index.js";

const file = "test/fixtures/wire/0.169.0/app-server/sub-agent-code-mode.recording.jsonl";

it("[A0.1] has one canonical form, whether the sub-agent or the wait for it is reported first", () => {
  const recording = parseRecording(readFileSync(file, "utf8"), file);
  const early = withEarlyEnd(recording);

  expect(early).not.toEqual(recording);
  expect(toCanonical(early)).toBe(toCanonical(recording));
});

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
  const message = entry.type === "stdout" ? asObject(entry.json) : {};
  return asObject(asObject(message["params"])["item"]);
}
