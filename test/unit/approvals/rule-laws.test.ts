import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import { all, allow, type ApprovalRule, ask, deny, first } from "../../../src/approvals/rules/approval-rule.js";
import { createApprover } from "../../../src/approvals/approver.js";
import { InterruptionRegistry } from "../../../src/approvals/interruptions.js";
import { type ApprovalPattern, match } from "../../../src/approvals/rules/match.js";
import { files, samples, shell } from "./sample-requests.js";

const request: fc.Arbitrary<ApprovalRequest> = fc.constantFrom(
  ...Object.values(samples),
  shell("git status; rm -rf /"),
  shell("npm test", { proposedAmendment: ["npm", "test"] }),
  files([]),
  files(["/work/docs/a.md", "/work/.env"]),
);

const pattern: fc.Arbitrary<ApprovalPattern> = fc.constantFrom<ApprovalPattern>(
  { kind: "command" },
  { kind: ["fileChange", "tool", "userInput"] },
  { command: "git status" },
  { path: "src/**" },
  { anyPath: "**/.env" },
  { tool: "deploy" },
  { server: "tracker" },
);

const { rule } = fc.letrec<{ rule: ApprovalRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "b").map((reason) => allow(reason)),
    fc.constantFrom("a", "b").map((reason) => deny(reason)),
    fc.constant(ask()),
    fc.tuple(pattern, tie("rule")).map(([wanted, then]) => match(wanted, then)),
    fc.array(tie("rule"), { maxLength: 3 }).map((rules) => first(...rules)),
    fc.array(tie("rule"), { maxLength: 3 }).map((rules) => all(...rules)),
  ),
}));

function holds(
  law: (a: ApprovalRule, b: ApprovalRule, c: ApprovalRule) => readonly [ApprovalRule, ApprovalRule],
): void {
  fc.assert(
    fc.property(rule, rule, rule, request, (a, b, c, asked) => {
      const [left, right] = law(a, b, c);
      expect(left.decide(asked)).toEqual(right.decide(asked));
    }),
    { numRuns: 300 },
  );
}

describe("[A2.5] the laws of the rules", () => {
  test("`first` and `all` are associative", () => {
    holds((a, b, c) => [first(first(a, b), c), first(a, first(b, c))]);
    holds((a, b, c) => [first(first(a, b), c), first(a, b, c)]);
    holds((a, b, c) => [all(all(a, b), c), all(a, all(b, c))]);
    holds((a, b, c) => [all(all(a, b), c), all(a, b, c)]);
  });

  test("`first()` and `all()` without rules are neutral on both sides", () => {
    holds((a) => [first(first(), a), a]);
    holds((a) => [first(a, first()), a]);
    holds((a) => [all(all(), a), a]);
    holds((a) => [all(a, all()), a]);
  });

  test("`first` and `all` are idempotent", () => {
    holds((a) => [first(a, a), a]);
    holds((a) => [all(a, a), a]);
  });

  test("`deny()` absorbs in `all` at any position, and in `first` at the first position", () => {
    fc.assert(
      fc.property(rule, request, (a, asked) => {
        expect(all(a, deny()).decide(asked).kind).toBe("deny");
        expect(all(deny(), a).decide(asked).kind).toBe("deny");
      }),
    );
    holds((a) => [first(deny("x"), a), deny("x")]);
  });

  test("the order of rules in `all` does not change the kind of the verdict", () => {
    fc.assert(
      fc.property(rule, rule, request, (a, b, asked) => {
        expect(all(a, b).decide(asked).kind).toBe(all(b, a).decide(asked).kind);
      }),
    );
  });

  test("`all` has the strictest verdict of its rules", () => {
    const strictness = ["none", "allow", "ask", "deny"];
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), request, (rules, asked) => {
        const kinds = rules.map((each) => strictness.indexOf(each.decide(asked).kind));
        expect(strictness.indexOf(all(...rules).decide(asked).kind)).toBe(Math.max(0, ...kinds));
      }),
    );
  });

  test("`match` distributes over both, and returns `none` or the verdict of its rule", () => {
    fc.assert(
      fc.property(pattern, rule, rule, request, (wanted, a, b, asked) => {
        expect(match(wanted, first(a, b)).decide(asked)).toEqual(
          first(match(wanted, a), match(wanted, b)).decide(asked),
        );
        expect(match(wanted, all(a, b)).decide(asked)).toEqual(all(match(wanted, a), match(wanted, b)).decide(asked));
        const verdict = match(wanted, a).decide(asked);
        expect([{ kind: "none" }, a.decide(asked)]).toContainEqual(verdict);
      }),
    );
  });

  test("rules are frozen, deterministic and without side effects", () => {
    fc.assert(
      fc.property(rule, request, (a, asked) => {
        const before = JSON.stringify(asked);
        expect(a.decide(asked)).toEqual(a.decide(asked));
        expect(Object.isFrozen(a) && Object.isFrozen(a.decide(asked))).toBe(true);
        expect(JSON.stringify(asked)).toBe(before);
      }),
    );
  });

  test("a rule accepts one request, and never the session or a lasting rule", async () => {
    await fc.assert(
      fc.asyncProperty(rule, request, async (a, asked) => {
        const approver = createApprover({ onApproval: a, interruptions: new InterruptionRegistry() });
        const { decision } = await approver.decide(asked, { signal: new AbortController().signal, emit: () => {} });
        expect(["accept", "decline"]).toContain(decision.decision);
        if (decision.decision === "accept") expect(a.decide(asked).kind).toBe("allow");
      }),
    );
  });
});
