import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CodexError, type RetryPolicy, TurnFailedError } from "../../../../src/index.js";
import { fail, failResponse, message, reasoning, respond, shell } from "../../../../src/testing/index.js";
import { autoRunResultOf } from "../../../../src/thread/auto-run/auto-run-errors.js";
import { hasSideEffect } from "../../../../src/thread/auto-run/live-turn.js";
import { decideRetry } from "../../../../src/thread/auto-run/retry-policy.js";
import type { ThreadItem } from "../../../../src/protocol/index.js";
import type { PartialTurnResult } from "../../../../src/thread/turn/turn-result.js";
import { collect, errorOf, openRunStand } from "./run-stand.js";

const now = new Date(2026, 10, 23, 13, 7, 42).getTime();
const quick: RetryPolicy = { initialDelayMs: 4 };

beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("retry", () => {
  it("[A2.7] repeats a turn with the same input after a transient failure before the first side effect, and reports each try", async () => {
    await using stand = openRunStand([fail(500), fail(500), respond(message("Done"))]);
    const beganAt = performance.now();
    const run = stand.thread.runAutoStreamed("Work", { retry: quick });
    const events = await collect(run);
    const result = await run.result();
    expect(result).toMatchObject({ stopReason: "completed", finalResponse: "Done" });
    expect(stand.prompts()).toEqual(["Work", "Work", "Work"]);
    expect(result.turns.map(({ turn, attempt, status }) => [turn, attempt, status])).toEqual([
      [1, 1, "failed"],
      [1, 2, "failed"],
      [1, 3, "completed"],
    ]);
    expect(result.attempts.map(({ turn, attempt, delayMs, error }) => [turn, attempt, delayMs, error.code])).toEqual([
      [1, 1, 2, "TURN_FAILED"],
      [1, 2, 4, "TURN_FAILED"],
    ]);
    expect(performance.now() - beganAt).toBeGreaterThan(5);
    const retries = events.filter(({ type }) => type === "codexkit.run.retry");
    expect(retries).toMatchObject([
      { turn: 1, attempt: 1, delayMs: 2, code: "TURN_FAILED" },
      { turn: 1, attempt: 2, delayMs: 4 },
    ]);
  });

  it("[A2.7] does not repeat a turn after a side effect, even a failed one", async () => {
    await using stand = openRunStand([respond(shell("rm -rf build", { exitCode: 1 })), fail(500)]);
    const error = await errorOf(stand.thread.runAutoStreamed("Work").result());
    expect(error).toBeInstanceOf(TurnFailedError);
    expect(autoRunResultOf(error)).toMatchObject({ stopReason: "failed", attempts: [{ attempt: 1, delayMs: null }] });
    stand.transport.assertDone();
  });

  it("[A2.7] repeats a turn after reasoning and messages", async () => {
    await using stand = openRunStand([
      failResponse("rate_limit_exceeded", "Please try again in 0.02s.", reasoning("Hm."), message("I will")),
      respond(message("Done")),
    ]);
    const { finalResponse, attempts } = await stand.thread.runAuto("Work", { retry: quick });
    expect(finalResponse).toBe("Done");
    expect(attempts).toMatchObject([{ delayMs: 20 }]);
  });

  it("[A2.7] counts every work item and unknown items as side effects, and no other item", () => {
    const kinds = ["commandExecution", "fileChange", "mcpToolCall", "dynamicToolCall", "collabAgentToolCall"];
    for (const type of [...kinds, "subAgentActivity", "codexkit.unknown"])
      expect(hasSideEffect([itemOf(type)]), type).toBe(true);
    for (const type of ["userMessage", "agentMessage", "reasoning", "plan", "webSearch", "todoList", "error"])
      expect(hasSideEffect([itemOf(type)]), type).toBe(false);
    expect(hasSideEffect([])).toBe(false);
  });

  it("[A2.7] does not repeat a turn after a permanent failure, or with `retry: false`", async () => {
    await using stand = openRunStand([fail(400), fail(500)]);
    expect(await errorOf(stand.thread.runAutoStreamed("Work").result())).toBeInstanceOf(TurnFailedError);
    expect(await errorOf(stand.thread.runAutoStreamed("Work", { retry: false }).result())).toBeInstanceOf(
      TurnFailedError,
    );
    stand.transport.assertDone();
  });

  it("[A2.7] rejects with the last error after `attempts` tries, with all attempts", async () => {
    await using stand = openRunStand([fail(500), fail(500)]);
    const error = await errorOf(stand.thread.runAutoStreamed("Work", { retry: { ...quick, attempts: 2 } }).result());
    expect(error).toMatchObject({ code: "TURN_FAILED", retryable: true });
    expect(autoRunResultOf(error)?.attempts.map(({ delayMs }) => delayMs)).toEqual([2, null]);
  });

  it("[A2.7] rejects at once with the time if the delay that codex names is too long", async () => {
    await using stand = openRunStand([failResponse("rate_limit_exceeded", "Please try again in 300s.")]);
    vi.useFakeTimers({ toFake: ["Date"], now });
    const error = await errorOf(stand.thread.runAuto("Work"));
    expect(error).toMatchObject({ code: "TURN_FAILED" });
    expect(String(error)).toContain("try again in 300s");
    expect(autoRunResultOf(error)?.attempts).toMatchObject([{ delayMs: null, retryAt: now + 300_000 }]);
  });

  it("[A2.7] uses `retryable`, a list of codes or a function; a function that throws ends the run with a typed error", async () => {
    await using stand = openRunStand([fail(400), respond(message("a")), fail(400), respond(message("b")), fail(500)]);
    expect(
      await stand.thread.runAutoStreamed("Go", { retry: { ...quick, retryable: ["TURN_FAILED"] } }).result(),
    ).toMatchObject({
      finalResponse: "a",
    });
    const byMessage = { ...quick, retryable: (error: CodexError) => error.message.includes("400") };
    expect(await stand.thread.runAutoStreamed("Go", { retry: byMessage }).result()).toMatchObject({
      finalResponse: "b",
    });
    const retryable = (): never => {
      throw new Error("boom");
    };
    const error = await errorOf(stand.thread.runAutoStreamed("Go", { retry: { retryable } }).result());
    expect(error).toMatchObject({ code: "RUN_CALLBACK_FAILED", callback: "retry.retryable" });
    expect(error).toMatchObject({ message: "`retry.retryable` of the run threw Error: boom." });
  });

  it("[A2.7] ends the delay at once on abort and on interrupt()", async () => {
    const timers = countTimers();
    await using stand = openRunStand([fail(500), fail(500)]);
    const retry = { initialDelayMs: 60_000, maxDelayMs: 60_000 };
    const abort = new AbortController();
    const aborted = stand.thread.runAutoStreamed("Go", {
      retry,
      signal: abort.signal,
      hooks: { onRetry: () => setImmediate(() => abort.abort("x")) },
    });
    expect(await errorOf(aborted.result())).toMatchObject({ code: "ABORTED", cause: "x" });
    const interrupted = stand.thread.runAutoStreamed("Go", {
      retry,
      hooks: { onRetry: () => setImmediate(() => void interrupted.interrupt()) },
    });
    expect(await interrupted.result()).toMatchObject({ stopReason: "interrupted" });
    // A timer of the test runner may end meanwhile.
    expect(countTimers()).toBeLessThanOrEqual(timers);
  });
});

describe("a retry decision", () => {
  const decide = (policy: RetryPolicy, error: CodexError, attempt = 1, retriedByCodex = false) => {
    vi.useFakeTimers({ toFake: ["Date"], now });
    return decideRetry(policy, { error, attempt, hadSideEffect: false, retriedByCodex });
  };
  const retryAtOf = (error: CodexError) => decide({}, error).retryAt;

  it("[A2.7] backs off exponentially with full jitter, up to the longest delay", () => {
    const error = failed("x", true);
    const policy = { attempts: 9, initialDelayMs: 100, maxDelayMs: 500, factor: 2 };
    const waits = [1, 2, 3, 4, 5].map((attempt) => decide({ ...policy, jitter: false }, error, attempt).delayMs);
    expect(waits).toEqual([100, 200, 400, 500, 500]);
    vi.mocked(Math.random).mockReturnValueOnce(0).mockReturnValueOnce(0.999);
    expect([1, 2].map(() => decide(policy, error, 3).delayMs)).toEqual([0, 400]);
  });

  it("[A2.7] reads the times that codex names; a time of day means the end of its minute", () => {
    expect(retryAtOf(failed("rate limit exceeded: Please try again in 1.5s."))).toBe(now + 1500);
    expect(retryAtOf(failed("rate limit exceeded: Please try again in 20ms."))).toBe(now + 20);
    expect(retryAtOf(failed("rate limit exceeded: Try again in 35 seconds."))).toBe(now + 35_000);
    const limit = "You’ve hit your usage limit. Upgrade to Pro (https://x) or try again at";
    expect(retryAtOf(failed(`${limit} 2:07 PM.`))).toBe(new Date(2026, 10, 23, 14, 8).getTime());
    expect(retryAtOf(failed(`${limit} 12:30 AM.`))).toBe(new Date(2026, 10, 24, 0, 31).getTime());
    expect(retryAtOf(failed(`${limit} Nov 24th, 2026 2:07 AM.`))).toBe(new Date(2026, 10, 24, 2, 8).getTime());
    expect(retryAtOf(failed(`${limit} 1:06 PM.`))).toBe(new Date(2026, 10, 23, 13, 7).getTime());
    for (const text of ["try again", "try again at noon", "try again at Foo 1st, 2026 2:07 AM", "busy"])
      expect(retryAtOf(failed(text)), text).toBeNull();
    expect(retryAtOf(new CodexError("RPC_ERROR", "try again in 1s"))).toBeNull();
  });

  it("[A2.7] waits for the end of a usage limit if it is near enough", () => {
    const limit = failed("You’ve hit your usage limit. Try again at 1:08 PM.", false);
    expect(decide({}, limit).delayMs).toBe(78_000);
    expect(decide({ maxRetryAfterMs: 60_000 }, limit)).toEqual({ delayMs: null, retryAt: now + 78_000 });
    expect(decide({}, failed("Quota exceeded. Check your plan and billing details.", false)).delayMs).toBeNull();
    expect(decide({}, failed("bad request: try again in 1s", false)).delayMs).toBeNull();
  });

  it("[R3] does not repeat a failed turn whose request codex has repeated, unless `afterCodexRetries` is set", () => {
    const error = failed("We’re currently experiencing high demand, which may cause temporary errors.", true);
    for (const policy of [{}, { attempts: 9 }, { retryable: ["TURN_FAILED"] as const }, { retryable: () => true }])
      expect(decide(policy, error, 1, true).delayMs).toBeNull();
    expect(decide({ afterCodexRetries: true, jitter: false }, error, 1, true).delayMs).toBe(1_000);
    expect(decide({ jitter: false }, new CodexError("PROCESS_EXITED", "gone"), 1, true).delayMs).toBe(1_000);
  });

  it("[A2.7] ignores a named time if `respectRetryAfter` is false", () => {
    const error = failed("rate limit exceeded: try again in 20s", true);
    expect(decide({ respectRetryAfter: false, jitter: false }, error).delayMs).toBe(1000);
    expect(decide({ jitter: false }, error).delayMs).toBe(20_000);
  });

  it("[A2.7] uses the sentences of codex, never those of the provider, on exec, which reports no kind of failure", () => {
    const transient = [
      "We’re currently experiencing high demand, which may cause temporary errors.",
      "Selected model is at capacity. Please try a different model.",
      "exceeded retry limit, last status: 429 Too Many Requests",
      "exceeded retry limit, last status: 503 Service Unavailable",
      "rate limit exceeded: slow down",
      "stream disconnected before completion: stream closed before response.completed",
    ];
    for (const text of transient) expect(decide({}, failed(text)).delayMs, text).not.toBeNull();
    const final = [
      "unexpected status 400 Bad Request: We’re currently experiencing high demand",
      "exceeded retry limit, last status: 401 Unauthorized",
      "Incomplete response returned, reason: max_output_tokens",
    ];
    for (const text of final) expect(decide({}, failed(text)).delayMs, text).toBeNull();
    expect(decide({}, new CodexError("PROCESS_EXITED", "gone")).delayMs).not.toBeNull();
    expect(decide({}, new CodexError("TURN_TIMEOUT", "late")).delayMs).toBeNull();
  });
});

/** Returns the number of active timers of this process. */
function countTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
}

function itemOf(type: string): ThreadItem {
  return { type, id: "1" } as ThreadItem;
}

function failed(text: string, retryable?: boolean): CodexError {
  const result: PartialTurnResult = {
    status: "failed",
    finalResponse: null,
    items: [],
    unfinishedItems: [],
    usage: {},
    threadId: null,
    turnId: null,
    durationMs: 0,
    error: { message: text },
    warnings: [],
  };
  if (retryable === undefined) return new TurnFailedError(result);
  return new CodexError("TURN_FAILED", text, { retryable });
}
