import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TurnQueue } from "../../../src/thread/turn-queue.js";

const never = new AbortController().signal;

describe("the queue of a thread", () => {
  it("[A1.8] admits one turn at a time in the order of arrival, and an aborted turn does not block the next ones", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (patient) => {
        const queue = new TurnQueue();
        const order: number[] = [];
        let inside = 0;
        const controllers = patient.map(() => new AbortController());
        const gate = await queue.enter(never);
        const runs = patient.map(async (_, index) => {
          const leave = await queue.enter(controllers[index]?.signal ?? never);
          order.push(index);
          inside += 1;
          expect(inside).toBe(1);
          await Promise.resolve();
          inside -= 1;
          leave();
        });
        patient.forEach((stays, index) => {
          if (!stays) controllers[index]?.abort(`left ${index}`);
        });
        gate();
        const outcomes = await Promise.allSettled(runs);
        expect(order).toEqual(patient.flatMap((stays, index) => (stays ? [index] : [])));
        outcomes.forEach((outcome, index) => {
          if (patient[index] === true) expect(outcome.status).toBe("fulfilled");
          else
            expect(outcome).toMatchObject({ reason: { name: "AbortError", code: "ABORTED", cause: `left ${index}` } });
        });
        expect(queue.busy).toBe(false);
      }),
    );
  });

  it("[A1.8] rejects at once if the signal is aborted before the call, and does not block other turns", async () => {
    const queue = new TurnQueue();
    await expect(queue.enter(AbortSignal.abort("early"))).rejects.toMatchObject({ code: "ABORTED", cause: "early" });
    const leave = await queue.enter(never);
    expect(queue.busy).toBe(true);
    leave();
    expect(queue.busy).toBe(false);
  });

  it("removes its listeners from a long-lived signal", async () => {
    const queue = new TurnQueue();
    const controller = new AbortController();
    for (let index = 0; index < 3; index += 1) (await queue.enter(controller.signal))();
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });
});
