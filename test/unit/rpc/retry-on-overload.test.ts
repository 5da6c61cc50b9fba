import { afterEach, describe, expect, it, vi } from "vitest";
import { overloadDelayMs } from "../../../src/rpc/retry-on-overload.js";
import { retryOnOverload, RpcError, RpcOverloadedError } from "../../../src/index.js";

afterEach(() => void vi.restoreAllMocks());

describe("retryOnOverload", () => {
  it("[R4] calls the operation again after an overload, and resolves with its result", async () => {
    const { operation, calls } = refuse(2);
    expect(await retryOnOverload(operation, { initialDelayMs: 0 })).toBe("answer 3");
    expect(calls()).toBe(3);
  });

  it("[R4] rejects with the error of the last attempt, by default the third", async () => {
    const { operation, calls } = refuse(9);
    await expect(retryOnOverload(operation, { initialDelayMs: 0 })).rejects.toMatchObject({
      code: "SERVER_OVERLOADED",
      method: "call 3",
      message: expect.not.stringContaining("retryOnOverload") as unknown,
    });
    expect(calls()).toBe(3);
  });

  it("[R4] rejects with every other error at once", async () => {
    const operation = vi.fn(() => Promise.reject(new RpcError("a", { code: -32600, message: "server_overloaded" })));
    await expect(retryOnOverload(operation)).rejects.toMatchObject({ code: "RPC_ERROR" });
    expect(operation).toHaveBeenCalledTimes(1);
  });

  it.each([
    { random: 0, delays: [80, 160, 200, 200] },
    { random: 0.5, delays: [100, 200, 250, 250] },
    { random: 1, delays: [120, 240, 300, 300] },
  ])("[R4] doubles the delay up to its limit, then adds jitter: $delays", ({ random, delays }) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    const made = [1, 2, 3, 4].map((attempt) => overloadDelayMs(attempt, { initialDelayMs: 100, maxDelayMs: 250 }));
    expect(made.map(Math.round)).toEqual(delays);
  });

  it("[R4] has the defaults of the official Python SDK: 0.25 s, at most 2 s, a jitter of 20 %", () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    expect([1, 2, 3, 4, 5].map((attempt) => overloadDelayMs(attempt, {}))).toEqual([250, 500, 1_000, 2_000, 2_000]);
    vi.spyOn(Math, "random").mockReturnValue(1);
    expect(overloadDelayMs(1, {})).toBe(300);
  });

  it("[R4] an abort ends the delay, and no attempt follows", async () => {
    const abort = new AbortController();
    const { operation, calls } = refuse(9);
    const answer = retryOnOverload(operation, { initialDelayMs: 60_000, signal: abort.signal });
    await vi.waitUntil(() => calls() === 1);
    abort.abort("enough");
    await expect(answer).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
    await expect(retryOnOverload(operation, { signal: abort.signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(calls()).toBe(1);
  });

  it.each<[object, string]>([
    [{ maxAttempts: 0 }, "`maxAttempts` must be a whole number from 1."],
    [{ maxAttempts: 1.5 }, "`maxAttempts` must be a whole number from 1."],
    [{ initialDelayMs: -1 }, "`initialDelayMs` must be a number of milliseconds from 0"],
    [{ maxDelayMs: NaN }, "`maxDelayMs` must be a number of milliseconds from 0"],
    [{ jitterRatio: 2 }, "`jitterRatio` must be from 0 to 1."],
    [{ maxAttempt: 2 }, "Unknown option `maxAttempt`. Did you mean `maxAttempts`?"],
  ])("[R4] rejects %j before the first attempt", async (options, message) => {
    const { operation, calls } = refuse(0);
    await expect(retryOnOverload(operation, options)).rejects.toThrow(message);
    expect(calls()).toBe(0);
  });
});

/** An operation whose first `count` calls are refused. */
function refuse(count: number) {
  let made = 0;
  const operation = async (): Promise<string> => {
    made += 1;
    await Promise.resolve();
    if (made <= count) throw new RpcOverloadedError(`call ${String(made)}`);
    return `answer ${String(made)}`;
  };
  return { operation, calls: () => made };
}
