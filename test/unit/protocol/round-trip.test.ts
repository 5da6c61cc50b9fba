import { describe, expect, test } from "vitest";
import { encodeEvent } from "../../../src/protocol/index.js";
import { canonical, cloneByJson, decodeFixture, readWireFixtures, toObject } from "./wire-fixtures.js";

describe.each(readWireFixtures())("[A1.1] the binary's output in $name", (fixture) => {
  const decoded = decodeFixture(fixture);

  test("comes back exactly from every event", () => {
    for (const { line, event } of decoded) {
      expect(canonical(encodeEvent(event, fixture.wire))).toBe(canonical(toObject(line)));
    }
  });

  test("comes back exactly from an event that went through JSON", () => {
    for (const { line, event } of decoded) {
      expect(canonical(encodeEvent(cloneByJson(event), fixture.wire))).toBe(canonical(toObject(line)));
    }
  });

  test("is known in full: no unknown event, no unknown item, no warning, no residue", () => {
    for (const { event } of decoded) {
      expect(JSON.stringify(event)).not.toContain("codexkit.");
    }
  });

  test("is on the event as a property that is not enumerable, if the decoder keeps it", () => {
    for (const { line, event } of decodeFixture(fixture, { keepRaw: true })) {
      expect(event.raw).toBe(line);
      expect(Object.keys(event)).not.toContain("raw");
    }
  });

  test("is not on the event by default", () => {
    for (const { event } of decoded) expect("raw" in event).toBe(false);
  });
});
