import { setImmediate as nextPhase } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  type ApprovalDecision,
  type AutoRunCheckpoint,
  type AutoRunOptions,
  autoRunResultOf,
} from "../../../../src/index.js";
import { InterruptionRegistry } from "../../../../src/approvals/interruptions.js";
import { fail, failResponse, gate, message, respond, shell } from "../../../../src/testing/index.js";
import { collect, errorOf, openRunStand } from "./run-stand.js";

const ask = shell("rm -r build", { escalate: true, justification: "to see" });
const defer = (): ApprovalDecision => ({ decision: "defer" });

describe("a run that is stopped at a bad moment", () => {
  it("[A2.7] by `onTurnStart`: the turn never begins, and `onTurnEnd` is called", async () => {
    await using stand = openRunStand([]);
    const order: string[] = [];
    const run = stand.thread.runAutoStreamed("Go", {
      hooks: { onTurnStart: () => void run.interrupt(), onTurnEnd: () => order.push("end") },
    });
    expect(await run.result()).toMatchObject({ stopReason: "interrupted", turns: [{ status: "interrupted" }] });
    expect(stand.transport.modelRequests).toEqual([]);
    expect(order).toEqual(["end"]);
  });

  it("[A2.7] during the delay of a retry: interrupt, abort and close end the delay", async () => {
    for (const how of ["interrupt", "abort", "close"] as const) {
      await using stand = openRunStand([fail(500), fail(500)]);
      const abort = new AbortController();
      const run = stand.thread.runAutoStreamed("Go", {
        retry: { initialDelayMs: 600_000, maxDelayMs: 600_000, jitter: false },
        signal: abort.signal,
      });
      const ended = run.result().then(
        ({ stopReason }) => stopReason,
        (error: unknown) => error,
      );
      for await (const event of run.events) {
        if (event.type !== "codexkit.run.retry") continue;
        if (how === "interrupt") void run.interrupt();
        else if (how === "abort") abort.abort();
        else void stand.codex.close();
        break;
      }
      const outcome = await ended;
      if (how === "interrupt") expect(outcome).toBe("interrupted");
      else if (how === "abort") expect(["interrupted", "ABORTED"]).toContain(codeOf(outcome));
      else expect(["interrupted", "CLIENT_CLOSED"]).toContain(codeOf(outcome));
      expect(stand.transport.modelRequests).toHaveLength(1);
    }
  });

  it("[A2.7] by a signal that has fired before: codex gets no request", async () => {
    await using stand = openRunStand([]);
    const error = await errorOf(stand.thread.runAuto("Go", { signal: AbortSignal.abort("no") }));
    expect(error).toMatchObject({ name: "AbortError", cause: "no" });
    expect(stand.transport.modelRequests).toEqual([]);
  });

  it("[A2.7] between two turns, by closing the client or leaving the loop", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const closing = stand.thread.runAutoStreamed("Go", { until: () => false, hooks: { onTurnEnd: close } });
    function close(): void {
      void stand.codex.close();
    }
    expect(await errorOf(closing.result())).toMatchObject({ code: "CLIENT_CLOSED" });

    await using other = openRunStand([respond(message("one"))]);
    const left = other.thread.runAutoStreamed("Go", { until: () => false });
    for await (const event of left) if (event.type === "turn.completed") break;
    expect((await left.result()).stopReason).toBe("interrupted");
    expect(other.transport.modelRequests.length).toBeLessThanOrEqual(2);
  });

  it("[A2.7] while a checkpoint hangs", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const run = stand.thread.runAutoStreamed("Go", { checkpoint: () => new Promise(() => undefined) });
    for await (const event of run) if (event.type === "turn.completed") break;
    expect((await run.result()).stopReason).toBe("interrupted");
  });
});

describe("a run with deferred approvals", () => {
  it("[A2.7] continues if the approval is decided at once", async () => {
    const hold = gate();
    const steps = [respond(ask), respond(message("Done", { deltas: ["Do", hold, "ne"] }))];
    await using stand = openRunStand(steps, { onApproval: defer });
    const { interruptions } = stand.thread;
    if (!(interruptions instanceof InterruptionRegistry)) throw new Error("`interruptions` is not the registry.");
    interruptions.onWaiting(() => {
      for (const each of interruptions.list()) each.decide({ decision: "accept" });
    });
    const result = stand.thread.runAuto("Go");
    await expect.poll(() => stand.transport.modelRequests).toHaveLength(2);
    hold.open();
    expect(await result).toMatchObject({ stopReason: "completed", finalResponse: "Done" });
  });

  it("[A2.9] repeats a parallel guardrail that had no verdict when the run was left", async () => {
    await using stand = openRunStand([respond(ask), respond(message("Done"))], { onApproval: defer });
    let checks = 0;
    const guardrails: AutoRunOptions["guardrails"] = {
      input: [
        {
          name: "slow",
          mode: "parallel",
          check: () => ((checks += 1) === 1 ? new Promise(() => undefined) : { behavior: "reject", message: "No." }),
        },
      ],
    };
    const left = await stand.thread.runAuto("Go", { guardrails });
    expect(left.stopReason).toBe("approval");
    const result = await stand.thread.resumeAuto({ guardrails });
    expect(result).toMatchObject({ stopReason: "guardrail", guardrail: { name: "slow", message: "No." } });
    expect(checks).toBe(2);
    expect(stand.transport.modelRequests).toHaveLength(1);
  });

  it("[A2.7] ends with its turn if its last checkpoint fails", async () => {
    await using stand = openRunStand([respond(ask)], { onApproval: defer });
    await stand.thread.start();
    let saves = 0;
    const checkpoint = (): void => {
      if ((saves += 1) > 1) throw new Error("disk full");
    };
    const error = await errorOf(stand.thread.runAuto("Go", { checkpoint }));
    expect(error).toMatchObject({ code: "RUN_CALLBACK_FAILED", callback: "checkpoint" });
    await expect.poll(() => stand.thread.interruptions.list()).toEqual([]);
    expect(await errorOf(stand.thread.resumeAuto())).toMatchObject({ code: "INVALID_STATE" });
  });

  it("[A2.7] ends when it is interrupted during its last checkpoint", async () => {
    await using stand = openRunStand([respond(ask)], { onApproval: defer });
    await stand.thread.start();
    let saves = 0;
    const hangs = gate();
    const checkpoint = (): Promise<void> | undefined => {
      if ((saves += 1) === 1) return undefined;
      hangs.open();
      return new Promise(() => undefined);
    };
    const run = stand.thread.runAutoStreamed("Go", { checkpoint });
    const result = run.result();
    await hangs.wait(new AbortController().signal);
    await run.interrupt();
    expect((await result).stopReason).toBe("approval");
  });

  it("[A2.7] can be continued by a run with another signal, which ends the turn", async () => {
    const hold = gate();
    await using stand = openRunStand([respond(ask), respond(shell("sleep 9"), hold)], { onApproval: defer });
    const left = await stand.thread.runAuto("Go");
    for (const each of left.interruptions) each.decide({ decision: "accept" });
    const abort = new AbortController();
    const ended = errorOf(stand.thread.resumeAuto({ signal: abort.signal }));
    await expect.poll(() => stand.transport.modelRequests).toHaveLength(2);
    abort.abort("enough");
    const error = await ended;
    expect(error).toMatchObject({ name: "AbortError", cause: "enough" });
    expect(autoRunResultOf(error)?.turns).toMatchObject([{ status: "interrupted" }]);
    hold.open();
  });

  it("[A2.5] has its approvals withdrawn, with events, when its thread is closed", async () => {
    await using stand = openRunStand([respond(ask)], { onApproval: defer });
    const turn = stand.thread.runStreamed("Go");
    const seen: unknown[] = [];
    const read = (async () => {
      for await (const event of turn) if (event.type === "codexkit.approval.resolved") seen.push(event.by);
    })();
    await expect.poll(() => stand.thread.interruptions.list()).toHaveLength(1);
    const [waits] = stand.thread.interruptions.list();
    await stand.thread.close();
    expect(stand.thread.interruptions.list()).toEqual([]);
    expect(() => waits?.decide({ decision: "accept" })).toThrow(/no longer|decided|withdrawn/);
    expect(await errorOf(turn.result())).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(await errorOf(read)).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(seen).toEqual(["withdrawn"]);
  });

  it("[A2.5] a plain turn with a deferred approval continues after the decision in the same process", async () => {
    await using stand = openRunStand([respond(ask), respond(message("Done"))], { onApproval: defer });
    const result = stand.thread.run("Go");
    await expect.poll(() => stand.thread.interruptions.list()).toHaveLength(1);
    stand.thread.interruptions.list()[0]?.decide({ decision: "accept" });
    expect((await result).finalResponse).toBe("Done");
  });
});

describe("a run from a state", () => {
  it("[A2.7] saves no stored decision that was used, before the turn has ended", async () => {
    const hold = gate();
    const steps = [respond(ask), respond(ask), respond(message("Done", { deltas: ["Do", hold, "ne"] }))];
    await using stand = openRunStand(steps, { onApproval: defer });
    const saved: AutoRunCheckpoint[] = [];
    const checkpoint = (state: AutoRunCheckpoint): void => void saved.push(structuredClone(state));
    await stand.thread.runAuto("Go", { checkpoint });
    const left = saved.at(-1);
    if (left === undefined) throw new Error("No checkpoint was saved.");
    await stand.thread.close();

    const thread = stand.codex.resumeThread(left, { skipGitRepoCheck: true });
    for (const each of thread.interruptions.list()) each.decide({ decision: "accept" });
    expect(thread.toJSON().interruptions.decisions).toHaveLength(1);
    const result = thread.resumeAuto({ checkpoint });
    await expect.poll(() => stand.transport.modelRequests).toHaveLength(3);
    expect(saved.at(-1)).toMatchObject({ run: { phase: "inTurn" }, interruptions: { requests: [], decisions: [] } });
    hold.open();
    expect((await result).finalResponse).toBe("Done");
  });

  it("[A2.9] is judged after a parallel guardrail that had no verdict in the saved state", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const saved: AutoRunCheckpoint[] = [];
    await stand.thread.runAuto("Go", { checkpoint: (state) => void saved.push(state) });
    const state = saved.at(-1)?.run;
    if (state === undefined) throw new Error("No checkpoint was saved.");
    const order: string[] = [];
    const check = async (): Promise<{ behavior: "reject"; message: string }> => {
      await nextPhase();
      order.push("checked");
      return { behavior: "reject", message: "No." };
    };
    const until = (): boolean => order.push("until") > 0;
    const guardrails = { input: [{ name: "slow", mode: "parallel" as const, check }] };
    const again = await stand.resume({ ...state, inputChecked: false }, { guardrails, until });
    expect((await again.result()).stopReason).toBe("guardrail");
    expect(order).toEqual(["checked"]);
  });
});

describe("a run whose result is not used", () => {
  it("[A2.7] causes no unhandled rejection: failed, aborted, closed, never read", async () => {
    for (const how of ["fails", "is aborted", "is closed"]) {
      await using stand = openRunStand([fail(400)]);
      const abort = new AbortController();
      const onTurnStart = (): void => {
        if (how === "is aborted") abort.abort();
        else if (how === "is closed") void stand.codex.close();
      };
      const run = stand.thread.runAutoStreamed("Go", { signal: abort.signal, hooks: { onTurnStart } });
      const read = collect(run);
      if (how === "fails")
        expect((await read).at(-1)).toMatchObject({ type: "codexkit.run.completed", code: "TURN_FAILED" });
      else await errorOf(read);
    }
    await using stand = openRunStand([]);
    stand.thread.runAutoStreamed("Never read");
    // Vitest fails for an unhandled rejection.
    await nextPhase();
  });
});

describe("the runs of one thread", () => {
  it("[A2.7] a cold run does not replace the last run and is not saved", async () => {
    await using stand = openRunStand([respond(ask), respond(message("Done"))], { onApproval: defer });
    const left = await stand.thread.runAuto("Go");
    stand.thread.runAutoStreamed("Never read");
    stand.thread.resumeAutoStreamed();
    expect(stand.thread.toJSON().run).toMatchObject({ input: "Go", phase: "inTurn" });
    for (const each of left.interruptions) each.decide({ decision: "accept" });
    expect(await stand.thread.resumeAuto()).toMatchObject({ stopReason: "completed", finalResponse: "Done" });
    expect(stand.thread.toJSON().run).toBeNull();
    expect(await errorOf(stand.thread.resumeAuto())).toMatchObject({ code: "INVALID_STATE" });
  });

  it("[A2.7] the second of two calls that continue the same run is refused", async () => {
    await using stand = openRunStand([respond(ask), respond(message("Done"))], { onApproval: defer });
    const left = await stand.thread.runAuto("Go");
    for (const each of left.interruptions) each.decide({ decision: "accept" });
    const [first, second] = [stand.thread.resumeAutoStreamed(), stand.thread.resumeAutoStreamed()];
    const result = first.result();
    expect(await errorOf(second.result())).toMatchObject({ code: "INVALID_STATE" });
    expect((await result).finalResponse).toBe("Done");
  });

  it("[A2.7] a run behind one that was left is also left, and both can be continued", async () => {
    const steps = [respond(ask), respond(message("first")), respond(message("second"))];
    await using stand = openRunStand(steps, { onApproval: defer });
    const left = await stand.thread.runAuto("Go");
    expect(await stand.thread.runAuto("And then")).toMatchObject({ stopReason: "approval" });
    for (const each of left.interruptions) each.decide({ decision: "accept" });
    const results = [await stand.thread.resumeAuto(), await stand.thread.resumeAuto()];
    expect(results.map(({ finalResponse }) => finalResponse).sort()).toEqual(["first", "second"]);
  });

  it("[A2.7] the turns of two simultaneous runs follow one after another", async () => {
    await using stand = openRunStand(["a", "b", "c", "d"].map((text) => respond(message(text))));
    const until = (_result: unknown, { turns }: { readonly turns: number }): boolean => turns === 2;
    const results = await Promise.all([stand.thread.runAuto("A", { until }), stand.thread.runAuto("B", { until })]);
    expect(results.map(({ turns }) => turns.length)).toEqual([2, 2]);
    const answers = results.flatMap(({ turns }) => turns.map(({ finalResponse }) => finalResponse));
    expect(answers.sort()).toEqual(["a", "b", "c", "d"]);
    expect(stand.thread.toJSON().run).toBeNull();
  });

  it("[A2.7] the state of a run is available after its thread was closed during the run", async () => {
    const hold = gate();
    await using stand = openRunStand([respond(shell("sleep 9"), hold)]);
    const run = stand.thread.runAutoStreamed("Go");
    const read = (async () => {
      for await (const event of run) if (event.type === "item.started") void stand.thread.close();
    })();
    expect(await errorOf(read)).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(stand.thread.toJSON().run).toMatchObject({ phase: "inTurn", input: "Go" });
    hold.open();
  });

  it("[A2.8] a hook can start a run on the same thread at the end of a run", async () => {
    await using stand = openRunStand([respond(message("one")), respond(message("two"))]);
    const next: Promise<unknown>[] = [];
    await stand.thread.runAuto("A", { hooks: { onRunEnd: () => next.push(stand.thread.runAuto("B")) } });
    expect(await next[0]).toMatchObject({ finalResponse: "two" });
  });
});

describe("a long run", () => {
  it("[A2.7] of 100 turns keeps a small state and adds no listeners", async () => {
    const count = 100;
    const steps = Array.from({ length: count }, (_, at) => respond(message(`answer ${at}`)));
    await using stand = openRunStand(steps);
    const abort = new AbortController();
    const sizes: number[] = [];
    const run = stand.thread.runAutoStreamed("Go", {
      maxTurns: count,
      signal: abort.signal,
      until: (_result, { turns }) => turns === count,
      checkpoint: (state) => void sizes.push(JSON.stringify(state).length),
    });
    const events = await collect(run);
    expect((await run.result()).turns).toHaveLength(count);
    expect(events.filter(({ type }) => type === "codexkit.run.turn")).toHaveLength(count);
    expect(Math.max(...sizes)).toBeLessThan(64 * 1024);
  });

  it("[A2.7] keeps a bounded state if its tries fail with long messages", async () => {
    const long = "x".repeat(100_000);
    await using stand = openRunStand([failResponse("rate_limit_exceeded", long), respond(message("Done"))]);
    const sizes: number[] = [];
    const checkpoint = (state: AutoRunCheckpoint): void => void sizes.push(JSON.stringify(state).length);
    await stand.thread.runAuto("Go", { checkpoint, retry: { initialDelayMs: 1 } });
    expect(Math.max(...sizes)).toBeLessThan(16 * 1024);
  });
});

function codeOf(outcome: unknown): unknown {
  return typeof outcome === "object" && outcome !== null && "code" in outcome ? outcome.code : outcome;
}
