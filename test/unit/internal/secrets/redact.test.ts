import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, withoutPartialSecret } from "../../../../src/internal/secrets/redact.js";

// Put together here, so that no scanner of this repository takes the samples for real ones.
const samples = {
  "an OpenAI key": ["sk-", "proj-AbCd_1234-5678efgh"].join(""),
  "a bearer token": ["Bearer ", "abc.DEF-123~xyz"].join(""),
  "basic credentials": ["Basic ", "dXNlcjpwYXNzd29yZA=="].join(""),
  "a JSON Web Token": ["eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"].join(""),
  "a GitHub token": ["ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"].join(""),
  "an AWS key id": ["AKIA", "ABCDEFGHIJKLMNOP"].join(""),
  "a key in PEM": ["-----BEGIN ", "RSA PRIVATE KEY-----\nMIIEow\nAAAA\n-----END RSA PRIVATE KEY-----"].join(""),
  "a PEM block without its end": ["-----BEGIN ", "PRIVATE KEY-----\nMIIEow\nAAAA"].join(""),
};

describe("the redactor", () => {
  const redact = createRedactor();

  it.each(Object.entries(samples))("[A4.4] replaces %s, although it is not in the list of secrets", (_, sample) => {
    const clean = redact(`before ${sample} after`);
    expect(clean).toMatch(/^before (Bearer |Basic )?\[redacted\]/);
    for (const part of sample.split(/\s/).filter((word) => word.length > 6 && !/^(Bearer|-----|PRIVATE)/.test(word))) {
      expect(clean).not.toContain(part);
    }
  });

  it("replaces credentials in URLs, in query strings and after names of secrets", () => {
    expect(redact("get https://me:p@ss@example.test/x?a=1")).toBe("get https://[redacted]@example.test/x?a=1");
    expect(redact("https://token123@example.test/")).toBe("https://[redacted]@example.test/");
    expect(redact("postgres://me:pw@db/x")).toBe("postgres://[redacted]@db/x");
    expect(redact("https://x.test/?api_key=abc&b=2")).toBe("https://x.test/?api_key=[redacted]&b=2");
    expect(redact('OPENAI_API_KEY="abc def" MY_TOKEN: xyz')).toBe(
      'OPENAI_API_KEY="[redacted] def" MY_TOKEN: [redacted]',
    );
  });

  it("leaves ordinary text alone", () => {
    const text =
      "task-force sk-1 https://example.test:8080/a@b user@example.test tokens: 12 Bearer authentication and basic functionality 2026-01-01T00:00:00Z ERROR";
    expect(redact(text)).toBe(text);
  });

  it("[A4.4] replaces a given secret wherever and however it is written", () => {
    const secret = 'pa"ss wörd/1';
    const clean = createRedactor([secret, "", "abc"])(
      `${secret} ${encodeURIComponent(secret)} ${JSON.stringify(secret)} abc`,
    );
    expect(clean).toBe('[redacted] [redacted] "[redacted]" abc');
  });

  it.each([
    ["the value of a header", "Bearer zx81-canary-4711", "zx81-canary-4711"],
    ["a header of another scheme", "Token zx81-canary-4711", "zx81-canary-4711"],
    ["a login of `Basic`", `Basic ${Buffer.from("user:zx81:canary").toString("base64")}`, "zx81:canary"],
    ["the password of an address", "https://user:zx81-canary%214711@host/x", "zx81-canary%214711"],
    ["such a password, decoded", "postgres://user:zx81-canary%214711@host/x", "zx81-canary!4711"],
    ["a cookie", "theme=dark; sid=zx81-canary-4711", "zx81-canary-4711"],
  ])("[A4.4] replaces the credential in %s without the rest", (_, secret, credential) => {
    const clean = createRedactor([secret]);
    expect(clean(`Incorrect token: ${credential}.`)).toBe("Incorrect token: [redacted].");
    expect(clean(`user dark host Bearer ${credential}`)).not.toContain(credential);
  });

  it("[A4.4] never lets a given secret through", () => {
    const secret = fc
      .string({ minLength: 8, maxLength: 30 })
      .filter((text) => text.trim().length >= 8 && !"[redacted]".includes(text.trim()));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const clean = createRedactor(secrets)(before + secrets.join(after) + after);
          for (const each of secrets) expect(clean).not.toContain(each.trim());
        },
      ),
    );
  });

  it("takes the beginning of a secret off a cut end", () => {
    expect(withoutPartialSecret("key: correct-horse", ["correct-horse-battery"])).toBe("key: [redacted]");
    expect(withoutPartialSecret("all is correct", ["horse-battery"])).toBe("all is correct");
  });

  it("needs linear time on hostile text", () => {
    const hostile = ["eyJ", "sk-", "a", "-----BEGIN ", "Bearer ", "https://", "_TOKEN", "A_", "a:", "://:"];
    const started = performance.now();
    for (const piece of hostile) redact(piece.repeat(Math.ceil(65_536 / piece.length)));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
