import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonObject, parseJson } from "../../../src/internal/json.js";
import { createLineSplitter } from "../../../src/internal/lines/line-splitter.js";
import {
  createExecDecoder,
  decodeNotification,
  type ServerEvent,
  toProtocolWarning,
} from "../../../src/protocol/index.js";
import { readWireFixtures } from "../protocol/wire-fixtures.js";

const noise = [
  "\u001b[2mANSI noise\u001b[0m",
  "null",
  "[]",
  "{half",
  "",
  '{"type":"later","text":"a\u2028b\u2029c 😀"}',
];
const huge = JSON.stringify({
  type: "item.completed",
  item: { id: "big", type: "agent_message", text: "é😀".repeat(1_500_000) },
});

const decoders = {
  exec(chunks: readonly Buffer[]): ServerEvent[] {
    const decoder = createExecDecoder();
    return linesOf(chunks).map(({ text, truncated }) => decoder.decode(text, truncated));
  },
  "app-server"(chunks: readonly Buffer[]): ServerEvent[] {
    return linesOf(chunks).map(({ text }) => {
      const message = parseJson(text);
      return isJsonObject(message) ? decodeNotification(message, text) : toProtocolWarning("no message", { text });
    });
  },
};

describe.each(["exec", "app-server"] as const)("bytes to events, %s", (wire) => {
  it.each(["\n", "\r\n"])(
    "[A1.2] any split of the bytes yields the same events, noise included (line end %j)",
    (lineEnd) => {
      const text = linesOfFixture(wire, "file-change").join("\n");
      const lines = text
        .trimEnd()
        .split("\n")
        .flatMap((line, index) => [line, noise[index % noise.length] ?? ""]);
      const bytes = Buffer.from(lines.join(lineEnd));
      const whole = decoders[wire]([bytes]);
      expect(whole.length).toBeGreaterThan(lines.length / 2);
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
          expect(decoders[wire](split(bytes, cuts))).toEqual(whole);
        }),
        { numRuns: 100 },
      );
    },
  );

  it("[A1.2] one byte at a time yields the same events", () => {
    const text = `${linesOfFixture(wire, "deltas").join("\n")}\n`;
    const bytes = Buffer.from(`${text}${noise.join("\n")}`);
    const single = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    expect(decoders[wire](single)).toEqual(decoders[wire]([bytes]));
  });

  it("[A1.2] a 10 MB line without a final newline arrives whole", () => {
    const bytes = Buffer.from(huge);
    expect(bytes.length).toBeGreaterThan(9_000_000);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    );
    expect(decoders[wire](chunks)).toEqual(decoders[wire]([bytes]));
  });
});

function split(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

function linesOf(chunks: readonly Buffer[]) {
  const splitter = createLineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.flush()];
}

function linesOfFixture(wire: string, scenario: string): readonly string[] {
  const fixture = readWireFixtures().find(({ name }) => name.endsWith(`/${wire}/${scenario}`));
  return fixture?.lines ?? [];
}
