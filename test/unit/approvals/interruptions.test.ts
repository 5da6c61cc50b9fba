import { describe, expect, test } from "vitest";
import {
  ApprovalGoneError,
  checkStoredInterruptions,
  InterruptionRegistry,
} from "../../../src/approvals/interruptions.js";
import { createApprover } from "../../../src/approvals/approver.js";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import { fingerprintOf } from "../../../src/approvals/fingerprint.js";
import { checkStoredDecisions, toStoredDecision } from "../../../src/approvals/stored-decision.js";
import { OptionError } from "../../../src/errors/option-error.js";
import { files, hostTool, samples, shell } from "./sample-requests.js";

function deferring(timeoutMs?: number) {
  const interruptions = new InterruptionRegistry();
  const approver = createApprover({ onApproval: () => ({ decision: "defer" }), timeoutMs, interruptions });
  const turn = new AbortController();
  const ask = (request: ApprovalRequest) => approver.decide(request, { signal: turn.signal, emit: () => {} });
  return { interruptions, ask, turn };
}
const untilWaiting = (interruptions: InterruptionRegistry): Promise<void> =>
  new Promise((resolve) => void interruptions.onWaiting(resolve));

describe("a deferred request", () => {
  test("[A2.5] stays in the registry without a deadline until it is decided", async () => {
    const { interruptions, ask } = deferring(1);
    const approval = ask(samples.command);
    expect(interruptions.list()).toEqual([]);
    await untilWaiting(interruptions);
    const [waiting] = interruptions.list();
    expect(waiting).toMatchObject({ id: "a1", request: samples.command, requestedAt: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(interruptions.get("a1")?.request).toEqual(samples.command);
    waiting?.decide({ decision: "accept" });
    expect(await approval).toMatchObject({ by: "handler", decision: { decision: "accept" } });
    expect(interruptions.list()).toEqual([]);
    expect(interruptions.get("a1")).toBeUndefined();
    expect(() => waiting?.decide({ decision: "accept" })).toThrow(ApprovalGoneError);
    expect(() => waiting?.decide({ decision: "accept" })).toThrow(expect.objectContaining({ code: "APPROVAL_GONE" }));
  });

  test("[A2.5] refuses a decision that it does not accept, and stays open", async () => {
    const { interruptions, ask } = deferring();
    const approval = ask(samples.command);
    await untilWaiting(interruptions);
    const waiting = interruptions.get("a1");
    for (const bad of [
      { decision: "answer", answers: {} },
      { decision: "defer" },
      undefined,
      "accept",
      { decision: "accept", content: {} },
    ]) {
      expect((): unknown => Reflect.apply(waiting?.decide ?? (() => {}), waiting, [bad])).toThrow(OptionError);
    }
    expect(interruptions.list()).toHaveLength(1);
    waiting?.decide({ decision: "cancel" });
    expect(await approval).toMatchObject({ decision: { decision: "cancel" } });
  });

  test("[A2.5] is removed when codex withdraws it", async () => {
    const { interruptions, ask, turn } = deferring();
    const approval = ask(samples.command);
    await untilWaiting(interruptions);
    const waiting = interruptions.get("a1");
    turn.abort();
    expect(await approval).toMatchObject({ by: "withdrawn" });
    expect(() => waiting?.decide({ decision: "accept" })).toThrow(ApprovalGoneError);
  });

  test("[A2.5] notifies the listeners once all pending requests are deferred", async () => {
    const interruptions = new InterruptionRegistry();
    let calls = 0;
    const end = interruptions.onWaiting(() => (calls += 1));
    const one = interruptions.open(samples.command);
    const two = interruptions.open(hostTool("x", { id: "a2" }));
    one.defer(() => {});
    expect([calls, interruptions.pending, interruptions.waiting]).toEqual([0, 2, false]);
    two.close();
    expect([calls, interruptions.pending, interruptions.waiting]).toEqual([1, 1, true]);
    end();
    one.close();
    interruptions.open(samples.command).defer(() => {});
    expect(calls).toBe(1);
  });
});

describe("requests of a turn that has ended", () => {
  test("[A2.7] survive JSON, are decided in another process, and answer the next equal request", async () => {
    const { interruptions, ask } = deferring();
    for (const [at, sample] of Object.values(samples).entries()) void ask({ ...sample, id: `a${at}` });
    const text = JSON.stringify(interruptions);
    const restored = new InterruptionRegistry(checkStoredInterruptions(JSON.parse(text)));
    expect(JSON.stringify(restored)).toBe(text);
    expect([restored.pending, restored.waiting, restored.list().length]).toEqual([0, false, 7]);
    restored.get("a0")?.decide({ decision: "accept" });
    restored.get("a6")?.decide({ decision: "decline", reason: "no" });
    expect(restored.list()).toHaveLength(5);
    const again = new InterruptionRegistry(checkStoredInterruptions(JSON.parse(JSON.stringify(restored))));
    expect(again.take(samples.command)).toMatchObject({ decision: { decision: "accept" } });
    expect(again.take(samples.command)).toBeUndefined();
    expect(again.take(samples.fileChange)).toBeUndefined();
    expect(again.list()).toHaveLength(4);
    expect(again.take(samples.tool)).toMatchObject({ decision: { decision: "decline", reason: "no" } });
    expect(again.toJSON().decisions).toEqual([]);
  });

  test.each([
    undefined,
    {},
    { requests: [], decisions: [{}] },
    { requests: [{ kind: "command" }], decisions: [] },
    { requests: [{ ...samples.command, kind: "constructor" }], decisions: [] },
    { requests: [{ ...samples.userInput, questions: [1] }], decisions: [] },
    { requests: [{ ...samples.fileChange, changes: [{ path: "x" }] }], decisions: [] },
  ])("[A2.7] are refused if their stored form is invalid: %j", (value) => {
    expect(() => checkStoredInterruptions(value)).toThrow(expect.objectContaining({ code: "INVALID_STATE" }));
  });

  test("[A2.7] are equal by their subject, without regard to ids, times and the order of keys", () => {
    const prints = Object.values(samples).map(fingerprintOf);
    expect(new Set(prints).size).toBe(prints.length);
    const { arguments: given } = hostTool("x", { arguments: { a: 1, b: { c: 2, d: 3 } } });
    expect(given).toEqual({ a: 1, b: { c: 2, d: 3 } });
    expect(fingerprintOf(hostTool("x", { arguments: { b: { d: 3, c: 2 }, a: 1 }, id: "z" }))).toBe(
      fingerprintOf(hostTool("x", { arguments: { a: 1, b: { c: 2, d: 3 } } })),
    );
    expect(fingerprintOf(shell("ls"))).not.toBe(fingerprintOf(shell("ls", { workingDirectory: "/" })));
    expect(fingerprintOf(files([]))).toBeNull();
    expect(() => toStoredDecision(files([]), { decision: "accept" })).toThrow(OptionError);
    expect(() =>
      checkStoredDecisions([{ kind: "command", fingerprint: "x", decision: { decision: "defer" } }], null),
    ).toThrow(OptionError);
  });

  test("[T7] are decided for their thread only: another thread's state refuses the decisions", () => {
    const registry = new InterruptionRegistry({ requests: [samples.command], decisions: [] }, "t1");
    registry.list()[0]?.decide({ decision: "accept" });
    const stored: unknown = JSON.parse(JSON.stringify(registry));
    expect(checkStoredInterruptions(stored, "t1").decisions).toHaveLength(1);
    expect(() => checkStoredInterruptions(stored, "t2")).toThrow(/another thread/);
    const old = {
      requests: [],
      decisions: [{ ...registry.toJSON().decisions[0], id: undefined, threadId: undefined }],
    };
    expect(checkStoredInterruptions(JSON.parse(JSON.stringify(old)), "t1").decisions).toEqual([]);
  });

  test("[T7] answer one request of a process, even if one state is resumed several times", () => {
    const stored = { requests: [], decisions: [toStoredDecision(samples.command, { decision: "accept" })] };
    const resumed = [1, 2, 3].map(() => new InterruptionRegistry(checkStoredInterruptions(stored, "t1"), "t1"));
    expect(resumed.map((registry) => registry.take(samples.command)?.decision.decision)).toEqual([
      "accept",
      undefined,
      undefined,
    ]);
  });
});
