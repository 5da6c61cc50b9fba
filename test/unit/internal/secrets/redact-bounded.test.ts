import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundText, maxMessage } from "../../../../src/errors/bound-text.js";
import { CodexError } from "../../../../src/errors/codex-error.js";
import { createRedactor } from "../../../../src/internal/secrets/redact.js";
import { redactBounded } from "../../../../src/internal/secrets/redact-bounded.js";

const secret = "correct horse battery";
const redact = createRedactor([secret]);

describe("a long message", () => {
  it("[K] keeps its beginning and its end, with the number of omitted characters", () => {
    const text = `begin${"x".repeat(1_000_000)}end`;
    const bound = boundText(text);
    expect(bound.length).toBeLessThan(maxMessage + 100);
    expect(bound).toMatch(/^beginx+ \[967240 characters omitted\] x+end$/);
    expect(boundText("short")).toBe("short");
    expect(boundText("x".repeat(maxMessage))).toHaveLength(maxMessage);
  });

  it("[K] is bounded in every error", () => {
    const error = new CodexError("TURN_FAILED", "x".repeat(1_000_000));
    expect(error.message.length).toBeLessThan(maxMessage + 100);
    expect(JSON.stringify(error).length).toBeLessThan(maxMessage + 300);
  });

  it("[K] contains no secret and no part of one at its cuts", () => {
    const lengths = fc.integer({ min: 0, max: 120 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 200, max: 20_000 }), (before, after) => {
        const text = `${"a".repeat(before)}${secret} ${"b".repeat(after)} ${secret}${"c".repeat(before)}`;
        const clean = redactBounded(text, redact, 100);
        expect(clean).not.toMatch(/correct|horse|battery/);
        expect(clean.length).toBeLessThan(150);
      }),
    );
  });

  it("[K] of fifty million characters takes less than a second", () => {
    const text = `${secret}${"Bearer ".repeat(7_000_000)}`;
    const began = performance.now();
    expect(redactBounded(text, redact)).toMatch(/^\[redacted\]/);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("[K] is not cut inside a character", () => {
    expect(encodeURIComponent(boundText("\u{1f680}".repeat(100), 51))).toContain("%F0");
  });
});
