import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { onAbort } from "../../../../src/internal/abort/on-abort.js";

describe("onAbort", () => {
  it("calls every listener once, by one listener of the signal", () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => called.push("a"));
    onAbort(controller.signal, () => called.push("b"));
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort();
    expect(called).toEqual(["a", "b"]);
  });

  it("calls at once if the signal has fired", () => {
    const called: string[] = [];
    onAbort(AbortSignal.abort(), () => called.push("a"))();
    expect(called).toEqual(["a"]);
  });

  it("does not call removed listeners, detaches from the signal with the last one, and attaches again for later ones", () => {
    const controller = new AbortController();
    const called: string[] = [];
    const leaveA = onAbort(controller.signal, () => called.push("a"));
    const leaveB = onAbort(controller.signal, () => called.push("b"));
    leaveA();
    leaveA();
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    leaveB();
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    onAbort(controller.signal, () => called.push("c"));
    leaveB();
    controller.abort();
    expect(called).toEqual(["c"]);
  });
});
