import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDecision } from "../../../src/approvals/check-decision.js";
import type { JsonObject } from "../../../src/internal/json.js";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import { elicitation, permissions, questions, samples, shell } from "./sample-requests.js";

const decided = (request: ApprovalRequest, given: unknown): unknown => {
  const checked = checkDecision(request, given);
  return checked.ok ? checked.decision : checked.problem;
};
const everything = ["accept", "acceptForSession", "acceptWithPolicyAmendment", "answer", "decline", "cancel", "defer"];

describe("a decision", () => {
  test("[A2.5] is accepted only by the kinds that allow it", () => {
    const accepted = Object.values(samples).map((request) => [
      request.kind,
      everything.filter((decision) => {
        const extra =
          decision === "answer"
            ? { answers: { q: "a" } }
            : decision === "accept" && request.kind === "elicitation"
              ? { content: { name: "x" } }
              : {};
        return checkDecision(request, { decision, ...extra }).ok;
      }),
    ]);
    const refusals = ["decline", "cancel", "defer"];
    const session = ["accept", "acceptForSession", ...refusals];
    expect(Object.fromEntries(accepted)).toEqual({
      command: session,
      fileChange: session,
      permissions: session,
      mcpTool: session,
      elicitation: ["accept", ...refusals],
      userInput: ["answer", ...refusals],
      tool: session,
    });
  });

  test.each([
    undefined,
    null,
    "accept",
    true,
    1,
    [],
    ["accept"],
    {},
    { decision: null },
    { decision: ["accept"] },
    { decision: "Accept" },
    { decision: "approved" },
    { decision: "constructor" },
    { accept: true },
    { decision: "accept", permissions: {} },
    { decision: "accept", content: {} },
    { decision: "accept", typo: 1 },
    { decision: "decline", reason: 7 },
    { decision: "acceptWithPolicyAmendment" },
    () => ({ decision: "accept" }),
    Symbol("accept"),
    "x".repeat(1e6),
  ])("[A2.5] of an invalid form is refused: %j", (given) => {
    expect(checkDecision(samples.command, given).ok).toBe(false);
  });

  test("[A2.5] is read once and copied, so that getters, proxies and later changes have no effect", () => {
    const thrower = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("sk-secret");
        },
      },
    );
    const getter = {
      get decision(): string {
        throw new Error("sk-secret");
      },
    };
    const cyclic: Record<string, unknown> = { decision: "accept" };
    cyclic["self"] = cyclic;
    for (const given of [thrower, getter, cyclic]) expect(decided(samples.command, given)).toBe("it could not be read");
    let reads = 0;
    const fickle = {
      get decision() {
        return (reads += 1) === 1 ? "decline" : "accept";
      },
    };
    expect(decided(samples.command, fickle)).toEqual({ decision: "decline" });
    const mutable = { decision: "accept" };
    const copy = decided(samples.command, mutable);
    mutable.decision = "cancel";
    expect(copy).toEqual({ decision: "accept" });
  });

  test("[A2.5] [T8] amends a policy only if codex proposed it, and only with a prefix that begins with the proposed one", () => {
    const request = shell("npm test", { proposedAmendment: ["npm", "test"] });
    const amend = (amendment?: unknown): unknown =>
      decided(request, { decision: "acceptWithPolicyAmendment", amendment });
    expect(amend()).toEqual({ decision: "acceptWithPolicyAmendment", amendment: ["npm", "test"] });
    expect(amend(["npm", "test", "--all"])).toMatchObject({ amendment: ["npm", "test", "--all"] });
    for (const wider of [[], ["npm"], ["npm", "install"], ["rm"], "npm test", ["npm", "test", 1], null]) {
      expect(amend(wider), JSON.stringify(wider)).toMatch(/amendment/);
    }
    const byModel = shell("find . -name x", { proposedAmendment: ["find"], proposedBy: "model" });
    expect(decided(byModel, { decision: "acceptWithPolicyAmendment" }), "[T8] never the model's own prefix").toEqual({
      decision: "acceptWithPolicyAmendment",
      amendment: ["find", ".", "-name", "x"],
    });
    const script = shell("find . | wc", { proposedAmendment: ["find"], proposedBy: "model" });
    expect(decided(script, { decision: "acceptWithPolicyAmendment" })).toMatch(/needs an `amendment`/);
    expect(checkDecision(shell("x", { proposedAmendment: [] }), { decision: "acceptWithPolicyAmendment" }).ok).toBe(
      false,
    );
  });

  test("[A2.5] grants at most the requested permissions", () => {
    const grant = (given: unknown, request = permissions()): unknown =>
      decided(request, { decision: "accept", permissions: given });
    const { permissions: asked } = permissions();
    expect(decided(permissions(), { decision: "accept" })).toEqual({ decision: "accept", permissions: asked });
    expect(grant({})).toEqual({ decision: "accept", permissions: {} });
    expect(grant({ fileSystem: { write: ["/b"] } })).toEqual({
      decision: "accept",
      permissions: { fileSystem: { read: null, write: ["/b"] } },
    });
    for (const more of [
      { fileSystem: { write: ["/"] } },
      { fileSystem: { read: ["/b"] } },
      { fileSystem: { entries: [{ path: { type: "path", path: "/" }, access: "write" }] } },
      { network: { enabled: true, hosts: ["*"] } },
      { other: true },
      { constructor: {} },
      [],
      "all",
      null,
    ]) {
      expect(grant(more), JSON.stringify(more)).toMatch(/permissions/);
    }
    expect(
      grant({ network: { enabled: true } }, permissions({ permissions: { network: null, fileSystem: null } })),
    ).toMatch(/exceed/);
    expect(decided(permissions({ permissions: { network: null, fileSystem: null } }), { decision: "accept" })).toEqual({
      decision: "accept",
      permissions: {},
    });
  });

  test("[A2.5] keeps the restrictions of the permissions that it grants", () => {
    const all = { path: { type: "path", path: "/" }, access: "read" };
    const secret = { path: { type: "path", path: "/secret" }, access: "deny" };
    const request = permissions({
      permissions: {
        network: null,
        fileSystem: { read: null, write: ["/"], entries: [all, secret], globScanMaxDepth: 3 },
      },
    });
    for (const fileSystem of [{ entries: [all] }, { write: ["/"] }]) {
      const checked = JSON.stringify(decided(request, { decision: "acceptForSession", permissions: { fileSystem } }));
      expect(checked).toContain(JSON.stringify(secret));
      expect(checked).toContain('"globScanMaxDepth":3');
    }
  });

  test("[A2.5] answers every question and no other, with strings", () => {
    const answer = (answers: unknown): unknown => decided(questions("a", "__proto__"), { decision: "answer", answers });
    const good: unknown = JSON.parse('{"a":"x","__proto__":["y","z"]}');
    expect(JSON.stringify(answer(good))).toBe('{"decision":"answer","answers":{"a":"x","__proto__":["y","z"]}}');
    for (const bad of [
      '{"a":"x"}',
      '{"a":"x","__proto__":"y","b":"z"}',
      '{"a":1,"__proto__":"y"}',
      '{"a":["x",1],"__proto__":"y"}',
      "[]",
      "null",
    ]) {
      expect(typeof answer(JSON.parse(bad)), bad).toBe("string");
    }
  });

  test("[A2.5] has content that fits the schema, and accepts only forms and pages", () => {
    const accept = (content: unknown, more = {}): unknown =>
      decided(elicitation(more), { decision: "accept", content });
    expect(accept({ name: "x" })).toEqual({ decision: "accept", content: { name: "x" } });
    for (const content of [undefined, {}, { name: 1 }, "x", null, []]) expect(accept(content)).toMatch(/content/);
    const url = { mode: "url", schema: null, url: "https://x.example" };
    expect(accept(undefined, url)).toEqual({ decision: "accept" });
    expect(accept({}, url)).toMatch(/content/);
    expect(accept(undefined, { mode: "openai/userVerification", schema: null })).toMatch(/declined/);
    expect(accept({}, { schema: { type: "object", $ref: "https://x.example/nowhere" } })).toMatch(/plain fields/);
  });

  test("[A2.5] cannot accept a form whose schema could take unlimited time to check", () => {
    const hostile: readonly JsonObject[] = [
      { type: "object", properties: { n: { type: "string", pattern: "^(a+)+$" } } },
      { type: "object", properties: { n: { type: "string", format: "url" } } },
      { type: "object", properties: { n: { $ref: "#" } } },
      { type: "object", properties: { n: { oneOf: [{ pattern: "^(a+)+$" }] } } },
      { type: "object", properties: { n: { type: "array", items: { type: "string", pattern: "x" } } } },
      { type: "object", properties: { n: { type: "array", uniqueItems: true } } },
      { type: "object", properties: {}, patternProperties: { "^(a+)+$": {} } },
      { type: "object", properties: {}, allOf: [{ $ref: "#" }, { $ref: "#" }] },
    ];
    for (const schema of hostile)
      expect(
        decided(elicitation({ schema }), { decision: "accept", content: { n: `${"a".repeat(40)}!` } }),
        JSON.stringify(schema),
      ).toMatch(/plain fields/);
    const choice = { type: "string", oneOf: [{ const: "a", title: "A" }] };
    const list = { type: "array", minItems: 1, items: { type: "string", enum: ["x", "y"] } };
    const titled = { type: "array", items: { anyOf: [{ const: "x", title: "X" }] } };
    const mail = { type: "string", format: "email", maxLength: 20, default: "" };
    const properties = { choice, list, titled, mail, n: { type: "integer", minimum: 0 }, b: { type: "boolean" } };
    const request = elicitation({ schema: { type: "object", properties, required: ["mail"] } });
    const content = { choice: "a", list: ["x"], titled: ["x"], mail: "a@b.example", n: 1, b: true };
    expect(decided(request, { decision: "accept", content })).toEqual({ decision: "accept", content });
    for (const wrong of [{ choice: "b" }, { list: ["z"] }, { titled: ["z"] }, { mail: "x" }, { n: -1 }, { b: 1 }])
      expect(decided(request, { decision: "accept", content: { ...content, ...wrong } })).toMatch(/fit/);
  });

  test("[A2.5] of any form is accepted or refused without a throw", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(samples)),
        fc.anything(),
        fc.constantFrom(...everything),
        (request, given, decision) => {
          expect(typeof checkDecision(request, given).ok).toBe("boolean");
          const extra = typeof given === "object" && given !== null ? given : {};
          expect(typeof checkDecision(request, { ...extra, decision }).ok).toBe("boolean");
        },
      ),
    );
  });
});
