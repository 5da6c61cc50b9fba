import { describe, expect, it } from "vitest";
import { AbortedError } from "../../../src/errors/aborted-error.js";
import { ClientClosedError } from "../../../src/errors/client-closed-error.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { untilAborted } from "../../../src/internal/time/with-deadline.js";
import { SingleFlight } from "../../../src/internal/single-flight.js";

describe("a single flight", () => {
  it("runs the task once for callers that come together, and keeps its value", async () => {
    let runs = 0;
    const flight = new SingleFlight(() => Promise.resolve((runs += 1)));
    expect(await Promise.all([flight.get(), flight.get()])).toEqual([1, 1]);
    expect(await flight.get()).toBe(1);
  });

  it("starts the task again after a failure, and after its value was forgotten", async () => {
    let runs = 0;
    const flight = new SingleFlight(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error("no")) : Promise.resolve(runs);
    });
    await expect(flight.get()).rejects.toThrow("no");
    expect(await flight.get()).toBe(2);
    flight.forget(1);
    expect(await flight.get()).toBe(2);
    flight.forget(2);
    expect(await flight.get()).toBe(3);
  });

  it("aborts the task when its last caller aborts, and not before", async () => {
    const signals: AbortSignal[] = [];
    const flight = new SingleFlight((signal) => {
      signals.push(signal);
      return createDeferred<never>().promise;
    });
    const [one, other] = [new AbortController(), new AbortController()];
    const calls = [flight.get(one.signal), flight.get(other.signal)];
    one.abort();
    await expect(calls[0]).rejects.toThrow(AbortedError);
    expect(signals[0]?.aborted).toBe(false);
    other.abort();
    await expect(calls[1]).rejects.toThrow(AbortedError);
    expect(signals[0]?.aborted).toBe(true);
  });

  it("continues a lasting task if all its callers have aborted", async () => {
    const task = createDeferred<number>();
    let runs = 0;
    const flight = new SingleFlight(
      () => {
        runs += 1;
        return task.promise;
      },
      { lasting: true },
    );
    await expect(flight.get(AbortSignal.abort())).rejects.toThrow(AbortedError);
    task.resolve(5);
    expect(await flight.get()).toBe(5);
    expect(runs).toBe(1);
  });

  it("aborts the task when it is closed, waits for its end and rejects later callers", async () => {
    let ended = false;
    const flight = new SingleFlight(async (signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      ended = true;
      throw signal.reason;
    });
    const call = expect(flight.get()).rejects.toThrow(ClientClosedError);
    await flight.close();
    expect(ended).toBe(true);
    await call;
    await expect(flight.get()).rejects.toThrow(ClientClosedError);
  });

  it("rejects its callers with `ClientClosedError` when it is closed, whatever the aborted task throws", async () => {
    const flight = new SingleFlight((signal) => untilAborted(new Promise<string>(() => undefined), signal));
    const call = expect(flight.get()).rejects.toThrow(ClientClosedError);
    await flight.close();
    await call;
  });
});
