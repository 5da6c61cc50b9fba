import fc from "fast-check";
import { describe, expect } from "vitest";
import { createLineSplitter } from "../../src/internal/lines/line-splitter.js";
import { fuzz } from "./fuzz.js";

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 10 }).map((text) => Buffer.from(text)),
  fc.constantFrom("\n", "\r\n", "\r", "\n\n", "é", "😀", "\u2028", "\ufeff", "{}").map((text) => Buffer.from(text)),
);
const bytes = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.concat(pieces));
const bound = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 40 }));

describe("[A1.2] cutting bytes into lines", () => {
  fuzz(
    "any bytes in any chunks yield the lines between the LF bytes, none lost",
    1_500,
    fc.property(bytes, fc.array(fc.nat(400), { maxLength: 20 }), bound, (whole, cuts, limit) => {
      const splitter = createLineSplitter(limit);
      const edges = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
      const chunks = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
      const lines = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.flush()];
      expect(lines.map(({ truncated }) => truncated)).toEqual(expectedLines(whole, limit).map(({ cut }) => cut));
      for (const [index, { text, cut }] of expectedLines(whole, limit).entries()) {
        if (cut) expect(text.startsWith((lines[index]?.text ?? "").replace(/\ufffd+$/, ""))).toBe(true);
        else expect(lines[index]?.text).toBe(text);
      }
      expect(splitter.flush()).toEqual([]);
    }),
  );
});

/** The same, written down without chunks and without any care for speed. */
function expectedLines(whole: Buffer, limit = Number.POSITIVE_INFINITY): { text: string; cut: boolean }[] {
  const found: { text: string; cut: boolean }[] = [];
  for (let rest = whole, end = 0; end !== -1; rest = rest.subarray(end + 1)) {
    end = rest.indexOf(0x0a);
    const line = end === -1 ? rest : rest.subarray(0, end);
    const text = line.toString("utf8").replace(/\r$/, "");
    if (line.length > limit) found.push({ text: line.toString("utf8"), cut: true });
    else if (text !== "") found.push({ text, cut: false });
  }
  return found;
}
