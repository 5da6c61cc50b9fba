import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { createTerminalApprover } from "../../../src/cli/approve/terminal-approver.js";
import type { ApprovalDecision, ApprovalRequest } from "../../../src/index.js";
import type { ApprovalRequestedEvent } from "../../../src/protocol/index.js";
import { createTestHost } from "./test-host.js";

const yes = { decision: "accept" };
const userSaidNo = { decision: "decline", reason: "The user declined." };

describe("the demo's question at the terminal", () => {
  test.each([
    ["y", yes],
    ["Y", yes],
    [" yes ", yes],
    ["", userSaidNo],
    ["n", userSaidNo],
    ["yep", userSaidNo],
    ["y es", userSaidNo],
  ])("decides on %j: only y and yes accept", async (typed, expected) => {
    const place = createPlace();
    const decision = place.decide("a");
    place.type(`${typed}\n`);
    expect(await decision).toEqual(expected);
    expect(place.printed()).toBe('Allow the tool close_ticket({"id":7})? [y/N] ');
  });

  test("is asked after its request has been printed, in either order of arrival", async () => {
    const place = createPlace();
    const early = place.handle("a");
    await settled();
    expect(place.printed()).toBe("");
    place.show("a");
    await settled();
    expect(place.printed()).not.toBe("");
    place.type("y\n");
    expect(await early).toEqual(yes);
    place.show("b");
    const late = place.handle("b");
    await settled();
    place.type("y\n");
    expect(await late).toEqual(yes);
  });

  test("ignores input that was typed before it", async () => {
    const place = createPlace();
    place.input.write("y\n");
    await settled();
    const decision = place.decide("a");
    await settled();
    place.type("n\n");
    expect(await decision).toEqual(userSaidNo);
  });

  test("waits for the answer to the question before it, so that one answer does not count twice", async () => {
    const place = createPlace();
    const [first, second] = [place.decide("a"), place.decide("b")];
    await settled();
    expect(place.printed().match(/\[y\/N\]/g)).toHaveLength(1);
    place.type("y\n");
    expect(await first).toEqual(yes);
    await settled();
    expect(place.printed().match(/\[y\/N\]/g)).toHaveLength(2);
    place.type("n\n");
    expect(await second).toEqual(userSaidNo);
  });

  test("declines if the input ends or the request is withdrawn, and from then on", async () => {
    const place = createPlace();
    const abort = new AbortController();
    const withdrawn = place.decide("a", abort.signal);
    await settled();
    abort.abort();
    expect(await withdrawn).toEqual({ decision: "decline", reason: "There was no answer." });
    const unprinted = place.handle("b", AbortSignal.abort());
    expect(await unprinted).toMatchObject({ decision: "decline" });
    const ended = place.decide("c");
    await settled();
    place.input.end();
    expect(await ended).toEqual({ decision: "decline", reason: "There was no answer." });
    expect(await place.decide("d")).toEqual({ decision: "decline", reason: "There was no answer." });
  });

  test("is not asked if the input or the output is no terminal", async () => {
    for (const given of [{ isTerminal: false, columns: 80 }, { isTerminal: true }]) {
      const place = createPlace(given);
      expect(await place.decide("a")).toEqual({
        decision: "decline",
        reason: "There is no terminal for the question.",
      });
      expect(place.printed()).toBe("");
      expect(place.opened()).toBe(false);
    }
  });
});

function createPlace({ isTerminal = true, columns }: { isTerminal?: boolean; columns?: number } = { columns: 80 }) {
  const input = new PassThrough();
  let isOpen = false;
  const open = (): PassThrough => {
    isOpen = true;
    return input;
  };
  const errTerminal = columns === undefined ? null : { columns };
  const host = createTestHost({ stdin: { isTerminal, open }, errTerminal });
  const { onApproval, shown } = createTerminalApprover(host);
  const handle = async (id: string, signal = new AbortController().signal): Promise<ApprovalDecision> =>
    onApproval(requestOf(id), { signal });
  const show = (id: string): void => shown(eventOf(id));
  return {
    input,
    handle,
    show,
    decide(id: string, signal?: AbortSignal) {
      const decision = handle(id, signal);
      show(id);
      return decision;
    },
    type: (text: string) => void settled().then(() => input.write(text)),
    printed: () => host.printed.err,
    opened: () => isOpen,
  };
}

/** Waits until all pending callbacks have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function requestOf(id: string): ApprovalRequest {
  const about = { id, threadId: "t1", turnId: "u1", itemId: "i1", reason: null, requestedAt: 0 };
  return { ...about, kind: "tool", tool: "close_ticket", namespace: null, callId: "i1", arguments: { id: 7 } };
}

function eventOf(approvalId: string): ApprovalRequestedEvent {
  return {
    type: "codexkit.approval.requested",
    threadId: "t1",
    turnId: "u1",
    approvalId,
    kind: "tool",
    itemId: "i1",
    request: requestOf(approvalId),
  };
}
