import { describe, expect, it } from "vitest";
import type { ThreadEvent } from "../../src/index.js";
import { parseJson } from "../../src/internal/json.js";
import { encodeEvent } from "../../src/protocol/index.js";
import { message, respond, usage } from "../../src/testing/index.js";
import { harnesses, type Harness } from "./harnesses.js";

describe.each(harnesses)("the source line of an event on $name", (harness) => {
  it("[A1.1] is absent by default", async () => {
    const events = await eventsOfTurn(harness, {});
    expect(events.map(({ type }) => type)).toContain("turn.completed");
    for (const event of events) expect("raw" in event).toBe(false);
  });

  it("[A1.1] is on every event of codex if the client has `keepRaw`, and `encodeEvent` returns the same JSON", async () => {
    const events = await eventsOfTurn(harness, { keepRaw: true });
    expect(events.map(({ type }) => type)).toContain("turn.completed");
    for (const event of events) {
      expect(parseJson(event.raw ?? "")).toEqual(encodeEvent(event, harness.transport));
      expect(Object.keys(event)).not.toContain("raw");
    }
  });
});

async function eventsOfTurn(harness: Harness, options: { readonly keepRaw?: boolean }): Promise<ThreadEvent[]> {
  await using stand = await harness.open(
    [respond(message("Hello"), usage({ input: 4, cached: 1, output: 2 }))],
    options,
  );
  const events: ThreadEvent[] = [];
  for await (const event of stand.codex.startThread(stand.thread).runStreamed("Say hello")) events.push(event);
  return events.filter(({ type }) => !type.startsWith("codexkit."));
}
