import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Line } from "../../../../src/internal/lines/line-channel.js";
import { createLineSplitter } from "../../../../src/internal/lines/line-splitter.js";

describe("the line splitter", () => {
  it("[A1.2] returns the same lines for every split of the bytes", () => {
    const fragment = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\u2028",
        "\u2029",
        "é",
        "日本",
        "👩‍💻",
        "null",
        "\u001b[31mred\u001b[0m",
        "\u0000",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fragment, { maxLength: 20 }),
        fc.array(fc.nat({ max: 200 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (fragments, cuts, maxLineBytes) => {
          const bytes = Buffer.from(fragments.join(""));
          expect(split(chunksOf(bytes, cuts), maxLineBytes)).toEqual(split([bytes], maxLineBytes));
          expect(
            split(
              [...bytes].map((byte) => Buffer.of(byte)),
              maxLineBytes,
            ),
          ).toEqual(split([bytes], maxLineBytes));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("[A1.2] returns exactly the texts that were joined by line feeds", () => {
    const text = fc.string({ unit: "grapheme" }).filter((value) => !/[\r\n]/.test(value) && value !== "");
    fc.assert(
      fc.property(fc.array(text), fc.boolean(), fc.array(fc.nat({ max: 300 })), (texts, ended, cuts) => {
        const bytes = Buffer.from(texts.join("\n") + (ended ? "\n" : ""));
        expect(split(chunksOf(bytes, cuts)).map((line) => line.text)).toEqual(texts);
      }),
    );
  });

  it("[A1.2] survives bytes that are not UTF-8", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat({ max: 60 })), (bytes, cuts) => {
        expect(split(chunksOf(Buffer.from(bytes), cuts), 7)).toEqual(split([Buffer.from(bytes)], 7));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps U+2028 and U+2029 inside their line", () => {
    expect(texts("a\u2028b\u2029c\nd\n")).toEqual(["a\u2028b\u2029c", "d"]);
  });

  it("drops one carriage return before the line feed and no other", () => {
    expect(texts("a\r\nb\r\r\nc\rd\n")).toEqual(["a", "b\r", "c\rd"]);
  });

  it("skips empty lines and flushes the unterminated tail", () => {
    expect(texts("\n\r\na\n\nb")).toEqual(["a", "b"]);
  });

  it("cuts a line over the bound at a whole character, marks it, and continues with the next line", () => {
    expect(split([Buffer.from("aaé-too-long\nok\n")], 3)).toEqual([
      { text: "aa", truncated: true },
      { text: "ok", truncated: false },
    ]);
  });

  it("does not call a line truncated that fills the bound exactly", () => {
    expect(split([Buffer.from("abc\nabcd\nabc")], 3)).toEqual([
      { text: "abc", truncated: false },
      { text: "abc", truncated: true },
      { text: "abc", truncated: false },
    ]);
  });

  it("[A1.2] takes a line of 10 MB in 64 KB chunks in linear time", () => {
    const line = Buffer.concat([Buffer.alloc(10_000_000, "x"), Buffer.from("\n")]);
    const cuts = Array.from({ length: Math.ceil(line.length / 65_536) }, (_, index) => index * 65_536);
    const started = performance.now();
    const lines = split(chunksOf(line, cuts));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).toHaveLength(10_000_000);
  });

  it("holds no more than the bound of a line that never ends", () => {
    const splitter = createLineSplitter(1_000);
    const chunk = Buffer.alloc(65_536, "x");
    for (let count = 0; count < 1_000; count += 1) expect(splitter.push(chunk)).toEqual([]);
    expect(splitter.flush()).toEqual([{ text: "x".repeat(1_000), truncated: true }]);
    expect(splitter.flush()).toEqual([]);
  });

  it("keeps its own copy of a chunk whose memory is used again", () => {
    const splitter = createLineSplitter();
    const chunk = Buffer.from("abc");
    splitter.push(chunk);
    chunk.fill("z");
    expect(splitter.push(Buffer.from("d\n"))).toEqual([{ text: "abcd", truncated: false }]);
  });
});

function split(chunks: readonly Buffer[], maxLineBytes?: number): Line[] {
  const splitter = createLineSplitter(maxLineBytes);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.flush()];
}

function texts(input: string): string[] {
  return split([Buffer.from(input)]).map((line) => line.text);
}

function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}
