import { getActiveResourcesInfo } from "node:process";
import { describe, expect, test } from "vitest";
import type { ApprovalDecision } from "../../../src/approvals/approval-decision.js";
import { allow, ask, deny } from "../../../src/approvals/rules/approval-rule.js";
import { type Approval, createApprover, type ApproverOptions } from "../../../src/approvals/approver.js";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import { InterruptionRegistry } from "../../../src/approvals/interruptions.js";
import { match } from "../../../src/approvals/rules/match.js";
import { toStoredDecision } from "../../../src/approvals/stored-decision.js";
import type { JsonValue } from "../../../src/internal/json.js";
import { createRedactor } from "../../../src/internal/secrets/redact.js";
import type { ApprovalRequestedEvent, ApprovalResolvedEvent } from "../../../src/protocol/index.js";
import { files, hostTool, samples, shell } from "./sample-requests.js";

type ApprovalEvent = ApprovalRequestedEvent | ApprovalResolvedEvent;

function stand(options: Partial<ApproverOptions> = {}) {
  const interruptions = options.interruptions ?? new InterruptionRegistry();
  const approver = createApprover({ onApproval: null, ...options, interruptions });
  const events: ApprovalEvent[] = [];
  const turn = new AbortController();
  const decide = (request: ApprovalRequest = samples.command): Promise<Approval> =>
    approver.decide(request, { signal: turn.signal, emit: (event) => events.push(event) });
  return { decide, events, turn, interruptions };
}

/** Expects one `requested` and one `resolved` event, in this order, with the decision in the latter. */
function expectEvents(events: readonly ApprovalEvent[], { decision, by }: Approval): void {
  expect(events).toMatchObject([
    { type: "codexkit.approval.requested", approvalId: "a1", threadId: "t1", turnId: "u1", itemId: "i1" },
    { type: "codexkit.approval.resolved", approvalId: "a1", decision: decision.decision, by },
  ]);
}

const nonsense =
  (value: unknown): ApproverOptions["onApproval"] =>
  (): ApprovalDecision =>
    value as ApprovalDecision;

describe("an approver", () => {
  test("[A2.5] returns the decision of the handler and emits both events", async () => {
    const { decide, events } = stand({
      onApproval: async (request) => ({ decision: "decline", reason: request.kind }),
    });
    const approval = await decide();
    expect(approval).toEqual({
      decision: { decision: "decline", reason: "command" },
      by: "handler",
      reason: "command",
    });
    expectEvents(events, approval);
    expect(events[0]).toMatchObject({
      kind: "command",
      request: { kind: "command", command: shell("git status").command },
    });
    expect(events[1]).toMatchObject({ reason: "command" });
  });

  test("[A2.5] declines if there is no handler, if `ask` has none and if no rule matches", async () => {
    for (const onApproval of [null, ask(), match({ kind: "tool" }, allow())]) {
      const { decide, events } = stand({ onApproval });
      const approval = await decide();
      expect(approval).toMatchObject({ decision: { decision: "decline" }, by: "default" });
      expectEvents(events, approval);
    }
  });

  test("[A2.5] removes secrets from the error of a handler, also at the position where it is cut", async () => {
    const long = `${"x".repeat(170)} key sk-${"a".repeat(40)}`;
    for (const message of ["key sk-abcdefgh12345678 refused", long]) {
      const { decide, events } = stand({
        redact: createRedactor(),
        onApproval: () => {
          throw new Error(message);
        },
      });
      const { by, reason } = await decide();
      expect([by, reason]).toEqual(["failure", expect.stringContaining("[redacted")]);
      expect(JSON.stringify(events)).not.toMatch(/sk-[a-z]/);
    }
  });

  test("[A2.5] declines a request that is nested too deeply to be compared, and keeps no entry of it", async () => {
    for (const depth of [1000, 3000, 5000, 7000, 20_000]) {
      const nested: unknown = JSON.parse("[".repeat(depth) + "]".repeat(depth));
      const stored = toStoredDecision(hostTool(), { decision: "accept" });
      const interruptions = new InterruptionRegistry({ requests: [], decisions: [stored] });
      const { decide, events } = stand({ onApproval: () => ({ decision: "decline" }), interruptions });
      const approval = await decide(hostTool("deploy", { arguments: nested as JsonValue }));
      expectEvents(events, approval);
      expect([approval.decision.decision, interruptions.pending]).toEqual(["decline", 0]);
    }
  });

  test("[A2.5] returns the decision of a rule", async () => {
    const rule = await stand({ onApproval: allow("reads") }).decide();
    expect(rule).toEqual({ decision: { decision: "accept" }, by: "rule", reason: "reads" });
    const no = await stand({ onApproval: deny("never") }).decide();
    expect(no).toEqual({ decision: { decision: "decline", reason: "never" }, by: "rule", reason: "never" });
    const asked = await stand({ onApproval: ask(() => ({ decision: "accept" })) }).decide();
    expect(asked).toMatchObject({ decision: { decision: "accept" }, by: "handler" });
  });

  const failing: readonly (readonly [string, ApproverOptions["onApproval"]])[] = [
    [
      "throws",
      () => {
        throw new Error("token sk-secret");
      },
    ],
    [
      "throws a value that is not an error",
      () => {
        const nothing: unknown = undefined;
        throw nothing;
      },
    ],
    [
      "throws an error that cannot be read",
      () => {
        throw Object.defineProperty(new Error(), "message", {
          get: () => {
            throw new Error();
          },
        });
      },
    ],
    ["rejects", () => Promise.reject(new Error("token sk-secret"))],
    [
      "is a rule that throws",
      {
        decide: () => {
          throw new Error("x");
        },
      },
    ],
    ["is a rule without a verdict", { decide: nonsense(undefined) as never }],
    ["is a rule that returns a promise", { decide: nonsense(Promise.resolve({ kind: "allow" })) as never }],
    ["returns undefined", nonsense(undefined)],
    ["returns null", nonsense(null)],
    ["returns a string", nonsense("accept")],
    ["returns true", nonsense(true)],
    ["returns a decision for another kind", nonsense({ decision: "answer", answers: {} })],
    ["amends without a proposal", nonsense({ decision: "acceptWithPolicyAmendment" })],
    [
      "returns a thenable that throws",
      nonsense({
        then: () => {
          throw new Error("x");
        },
      }),
    ],
    [
      "returns an object with a getter that throws",
      nonsense({
        get decision() {
          throw new Error("x");
        },
      }),
    ],
    [
      "returns a thenable that rejects, then resolves",
      nonsense({
        then: (yes: (value: unknown) => void, no: (error: unknown) => void) => {
          no(new Error("x"));
          yes({ decision: "accept" });
        },
      }),
    ],
  ];
  test.each(failing)("[A2.5] declines if the handler %s", async (_how, onApproval) => {
    const { decide, events } = stand({ onApproval });
    const approval = await decide();
    expect(approval).toMatchObject({
      decision: { decision: "decline", reason: "The host program could not decide." },
      by: "failure",
    });
    expect(approval.reason).toMatch(/approval handler/);
    expectEvents(events, approval);
  });

  test("[A2.5] returns the first of two answers", async () => {
    const twice = {
      then: (yes: (value: unknown) => void) => {
        yes({ decision: "decline" });
        yes({ decision: "accept" });
      },
    };
    const { decide, events } = stand({ onApproval: nonsense(twice) });
    expectEvents(events, await decide().then((approval) => approval));
    expect(events[1]).toMatchObject({ decision: "decline", by: "handler" });
  });

  test("[A2.5] declines when the time is up, aborts the signal of the handler, and ignores later answers", async () => {
    let late: ((decision: ApprovalDecision) => void) | undefined;
    let signal: AbortSignal | undefined;
    const { decide, events } = stand({
      timeoutMs: 5,
      onApproval: (_request, context) => {
        ({ signal } = context);
        return new Promise((resolve) => (late = resolve));
      },
    });
    const approval = await decide();
    expect(approval).toMatchObject({ decision: { decision: "decline" }, by: "timeout" });
    expect(signal?.aborted).toBe(true);
    late?.({ decision: "accept" });
    await Promise.resolve();
    expectEvents(events, approval);
  });

  test("[A2.5] emits its last event synchronously when the signal aborts", async () => {
    const { decide, events, turn } = stand({ onApproval: () => new Promise(() => {}) });
    const approval = decide();
    turn.abort();
    expect(events.at(-1)).toMatchObject({ type: "codexkit.approval.resolved", by: "withdrawn", decision: "decline" });
    expectEvents(events, await approval);
    let asked = 0;
    const gone = stand({
      onApproval: () => {
        asked += 1;
        return { decision: "accept" };
      },
    });
    gone.turn.abort();
    expectEvents(gone.events, await gone.decide());
    expect(asked).toBe(0);
  });

  test("[A2.5] passes a frozen copy of the request to the handler", async () => {
    const request = files(["/work/a.ts"]);
    const { decide } = stand({
      onApproval: (asked) => {
        expect(asked).toEqual(request);
        expect(asked).not.toBe(request);
        expect(Object.isFrozen(asked)).toBe(true);
        expect(asked.kind === "fileChange" && Object.isFrozen(asked.changes[0]?.kind)).toBe(true);
        return { decision: "accept" };
      },
    });
    expect(await decide(request)).toMatchObject({ by: "handler", decision: { decision: "accept" } });
  });

  test("[A2.5] remembers `acceptForSession` for that host tool only", async () => {
    let asked = 0;
    const { decide } = stand({
      onApproval: () => {
        asked += 1;
        return { decision: "acceptForSession" };
      },
    });
    expect(await decide(hostTool("deploy"))).toMatchObject({ by: "handler" });
    expect(await decide(hostTool("deploy", { arguments: {} }))).toMatchObject({
      decision: { decision: "accept" },
      by: "stored",
    });
    expect(asked).toBe(1);
    await decide(hostTool("deploy", { namespace: "crm" }));
    await decide(samples.command);
    await decide(samples.command);
    expect(asked).toBe(4);
  });

  test("[A2.7] applies a stored decision to one equal request only", async () => {
    const stored = toStoredDecision(samples.command, { decision: "accept" });
    const interruptions = new InterruptionRegistry({ requests: [], decisions: [stored] });
    const { decide } = stand({ interruptions });
    for (const other of [
      shell("git status -s"),
      shell("git status", { workingDirectory: "/" }),
      samples.tool,
      files(["/work/src/a.ts"]),
    ]) {
      expect(await decide(other)).toMatchObject({ by: "default" });
    }
    const equal = shell("git status", { id: "a2", turnId: "u2", itemId: "i2", requestedAt: 9, reason: "again" });
    expect(await decide(equal)).toMatchObject({ by: "stored", decision: { decision: "accept" } });
    expect(await decide(equal)).toMatchObject({ by: "default" });
  });

  test.each([
    ["a stored accept and a rule that denies", "accept", deny("not today"), "decline", "rule"],
    ["a stored accept and a rule that allows", "accept", allow(), "accept", "stored"],
    ["a stored accept and no matching rule", "accept", match({ kind: "tool" }, deny()), "accept", "stored"],
    ["a stored decline and a rule that allows", "decline", allow(), "decline", "stored"],
  ] as const)("[T7] applies the stricter of %s", async (_name, decision, onApproval, expected, by) => {
    const stored = toStoredDecision(samples.command, { decision });
    const { decide } = stand({
      onApproval,
      interruptions: new InterruptionRegistry({ requests: [], decisions: [stored] }),
    });
    expect(await decide(samples.command)).toMatchObject({ by, decision: { decision: expected } });
  });

  test("[T7] declines a tool that was accepted for the session if a rule denies it now", async () => {
    const interruptions = new InterruptionRegistry();
    interruptions.acceptedTools.add("deploy");
    const { decide } = stand({ onApproval: deny(), interruptions });
    expect(await decide(hostTool("deploy"))).toMatchObject({ by: "rule", decision: { decision: "decline" } });
  });

  test("[A2.5] keeps no timer or listener of a thousand open requests, and causes no warning", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warn);
    const timers = (): number => getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const { decide, events, turn, interruptions } = stand({ onApproval: () => new Promise(() => {}) });
    const waiting = Array.from({ length: 1000 }, (_, at) => decide(shell("git status", { id: `a${at}` })));
    expect(interruptions.pending).toBe(1000);
    expect(timers()).toBeLessThanOrEqual(before + 1000);
    turn.abort();
    expect(events).toHaveLength(2000);
    expect((await Promise.all(waiting)).every(({ by }) => by === "withdrawn")).toBe(true);
    expect(interruptions.pending).toBe(0);
    expect(timers()).toBeLessThanOrEqual(before);
    await new Promise(setImmediate);
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });

  test("[A2.5] leaves no listener on the signal after a thousand decisions", async () => {
    const { decide, events } = stand({ onApproval: allow() });
    await Promise.all(Array.from({ length: 1000 }, () => decide()));
    expect(events).toHaveLength(2000);
  });
});
