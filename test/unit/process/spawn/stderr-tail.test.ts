import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStderrTail } from "../../../../src/process/spawn/stderr-tail.js";

const secret = "correct-horse-battery-staple";

describe("the stderr tail", () => {
  it("[A4.4] finds a secret that chunks split at any place", () => {
    const text = Buffer.from(`one\nkey=${secret}; é \u001b[31mred\u001b[0m\r\ntoken ${secret}`);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
        const tail = createStderrTail([secret]);
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        for (const [index, place] of places.slice(1).entries()) {
          tail.push(text.subarray(places[index], place));
          expect(tail.text()).not.toContain("horse");
        }
        expect(tail.text()).toBe("one\nkey=[redacted]; é red\ntoken [redacted]");
      }),
    );
  });

  it("keeps the last 64 KiB and 1,000 lines of a flood", () => {
    const tail = createStderrTail();
    const line = `${"x".repeat(99)}\n`;
    for (let count = 0; count < 200; count += 1) tail.push(Buffer.from(line.repeat(100)));
    tail.push(Buffer.from("the end"));
    expect(Buffer.byteLength(tail.text())).toBeLessThanOrEqual(64 * 1024 + 8);
    expect(tail.text().endsWith("\nthe end")).toBe(true);
    const short = createStderrTail();
    short.push(Buffer.from("a\n".repeat(5_000)));
    expect(short.text().split("\n")).toHaveLength(1_000);
  });

  it("bounds a line without end, and shows no half of a secret at the cut", () => {
    const tail = createStderrTail([secret]);
    tail.push(Buffer.from("x".repeat(8_192 - 10) + secret));
    for (let count = 0; count < 1_000; count += 1) tail.push(Buffer.alloc(65_536, "y"));
    expect(tail.text()).toMatch(/^x+\[redacted\] \[cut\]$/);
    tail.push(Buffer.from("\nnext"));
    expect(tail.text()).toMatch(/ \[cut\]\nnext$/);
  });

  it("[A4.4] hides a key in PEM also when its first line was dropped", () => {
    const key = (lines: number): string =>
      `-----BEGIN TEST KEY-----\n${"MIIEowIBAAKCAQEA\n".repeat(lines)}-----END TEST KEY-----`;
    const tail = createStderrTail();
    tail.push(Buffer.from(`before\n${key(3)} after\nthen\n`));
    expect(tail.text()).toBe("before\n[redacted]\n after\nthen");
    tail.push(Buffer.from(key(6_000)));
    expect(tail.text()).not.toContain("MII");
  });
});
