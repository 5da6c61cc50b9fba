import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AutoRunCheckpoint, type AutoRunState, OptionError, type Until } from "../../../../src/index.js";
import { fail, message, respond, shell, usage } from "../../../../src/testing/index.js";
import { MaxTurnsError } from "../../../../src/thread/auto-run/auto-run-errors.js";
import { checkAutoRunState } from "../../../../src/thread/auto-run/auto-run-state.js";
import { collect, errorOf, openRunStand } from "./run-stand.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const sample = new URL("run-state-v1.json", import.meta.url);

/** Returns a checkpoint that keeps what another process would read. */
function keeper(): { readonly saved: AutoRunCheckpoint[]; readonly checkpoint: (given: AutoRunCheckpoint) => void } {
  const saved: AutoRunCheckpoint[] = [];
  return {
    saved,
    checkpoint: (given) => void saved.push(structuredClone(JSON.parse(JSON.stringify(given)) as AutoRunCheckpoint)),
  };
}

describe("a checkpoint", () => {
  it("[A2.7] is saved before and after each turn, once the thread has an id, as plain JSON of bounded size", async () => {
    const long = "x".repeat(50_000);
    await using stand = openRunStand([respond(message(long), tokens), fail(500), respond(message("two"), tokens)]);
    const { saved, checkpoint } = keeper();
    const until: Until = ({ finalResponse }) => finalResponse === "two";
    await stand.thread.runAuto("Count", { checkpoint, until, retry: { initialDelayMs: 1 } });
    expect(saved.map(({ run: { phase, turn, attempt, reason } }) => [phase, turn, attempt, reason])).toEqual([
      ["inTurn", 1, 1, "input"],
      ["afterTurn", 1, 1, "input"],
      ["inTurn", 2, 1, "until"],
      ["beforeTurn", 2, 2, "until"],
      ["inTurn", 2, 2, "until"],
      ["afterTurn", 2, 2, "until"],
    ]);
    expect(saved.every(({ threadId }) => threadId === stand.thread.id)).toBe(true);
    expect(saved[1]?.run.turns[0]?.finalResponse).toHaveLength(50_000);
    expect(saved.at(-1)?.run.turns[0]?.finalResponse).toHaveLength(2000);
    expect(JSON.stringify(saved.at(-1)).length).toBeLessThan(6000);
    expect(JSON.stringify(saved)).not.toContain('"items"');
    for (const { run } of saved) expect(checkAutoRunState(run)).toEqual(run);
  });

  it("[A2.7] ends the run with a typed error if it throws", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const checkpoint = (): Promise<void> => Promise.reject(new Error("disk full"));
    const error = await errorOf(stand.thread.runAutoStreamed("Count", { checkpoint }).result());
    expect(error).toMatchObject({ code: "RUN_CALLBACK_FAILED", callback: "checkpoint" });
    expect(error).toMatchObject({ message: "`checkpoint` of the run threw Error: disk full." });
  });
});

describe("a run from a state", () => {
  it("[A2.7] after a turn: judges the turn again and continues with the next one", async () => {
    await using stand = openRunStand([respond(message("two"), tokens)]);
    const state = await stateAfter("one");
    const asked: unknown[] = [];
    const until = (result: { finalResponse: string | null }, run: { turns: number }): boolean => {
      asked.push([result.finalResponse, run.turns]);
      return result.finalResponse === "two";
    };
    const result = await (await stand.resume(state, { until })).result();
    expect(asked).toEqual([
      ["one", 1],
      ["two", 2],
    ]);
    expect(stand.prompts()).toEqual(["The goal is not reached yet. Go on."]);
    expect(result.turns.map(({ turn, finalResponse }) => [turn, finalResponse])).toEqual([
      [1, "one"],
      [2, "two"],
    ]);
    expect(result.usage.run).toMatchObject({ inputTokens: 84 });
  });

  it("[A2.7] after a turn that reached the goal: ends without another turn and parses the output again", async () => {
    await using stand = openRunStand([]);
    const state = await stateAfter('{"n":1}');
    const run = await stand.resume(state, { outputSchema: z.object({ n: z.number() }) });
    const result = await run.result();
    expect(result).toMatchObject({ stopReason: "completed", output: { n: 1 } });
  });

  it("[A2.7] in a turn: the input of a new turn states that the turn was cut off, and contains the prompt once", async () => {
    await using stand = openRunStand([respond(message("Done"))]);
    const state: AutoRunState = {
      ...(await stateAfter("one")),
      phase: "inTurn",
      turn: 2,
      input: "Delete the old logs",
    };
    const { saved, checkpoint } = keeper();
    const run = await stand.resume(state, { checkpoint });
    const events = await collect(run);
    const [prompt] = stand.prompts();
    expect(prompt).toMatch(
      /^The program that runs you was stopped[^]*look at what is there[^]*\n\nDelete the old logs$/,
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: "codexkit.run.turn", turn: 2, attempt: 2, reason: "resumed" }),
    );
    expect(events[0]).toMatchObject({ type: "codexkit.run.started", resumed: true });
    // If the turn is cut off again, the text does not grow.
    expect(saved.at(0)?.run).toMatchObject({ phase: "inTurn", input: "Delete the old logs", reason: "resumed" });
  });

  it("[A2.7] before a turn, as during the delay of a retry: sends the input unchanged", async () => {
    await using stand = openRunStand([respond(message("Done"))]);
    const state: AutoRunState = {
      ...(await stateAfter("one")),
      phase: "beforeTurn",
      input: "Go",
      turn: 1,
      attempt: 2,
      turns: [],
    };
    const result = await (await stand.resume(state)).result();
    expect(stand.prompts()).toEqual(["Go"]);
    expect(result.turns).toMatchObject([{ turn: 1, attempt: 2 }]);
  });

  it("[A2.7] after `maxTurns`: continues if `maxTurns` is higher now", async () => {
    await using stand = openRunStand([respond(message("one")), respond(message("two"))]);
    const run = stand.thread.runAutoStreamed("Count", { maxTurns: 1, until: () => false });
    expect(await errorOf(run.result())).toBeInstanceOf(MaxTurnsError);
    const again = await stand.resume(run.state, { maxTurns: 2, until: () => true });
    expect((await again.result()).turns).toHaveLength(2);
    const still = await stand.resume(run.state, { maxTurns: 1, until: () => true });
    expect(await errorOf(still.result())).toBeInstanceOf(MaxTurnsError);
  });

  it("[A2.9] checks the input again only if its guardrails had not passed", async () => {
    await using stand = openRunStand([respond(message("a"))]);
    let checks = 0;
    const check = (): { behavior: "allow" } => {
      checks += 1;
      return { behavior: "allow" };
    };
    const guardrails = { input: [{ name: "in", check }] };
    const state: AutoRunState = { ...(await stateAfter("one")), phase: "afterTurn" };
    await (await stand.resume(state, { guardrails })).result();
    expect(checks).toBe(0);
    const unchecked: AutoRunState = { ...state, phase: "inTurn", turns: [], inputChecked: false };
    await (await stand.resume(unchecked, { guardrails })).result();
    expect(checks).toBe(1);
  });
});

describe("a run's state", () => {
  it("[A2.7] is readable in version 1", async () => {
    const state = checkAutoRunState(JSON.parse(await readFile(sample, "utf8")));
    await using stand = openRunStand([respond(message("three"))]);
    const result = await (await stand.resume(state)).result();
    expect(result.turns.map(({ finalResponse }) => finalResponse)).toEqual(["one", "three"]);
    expect(result.attempts).toHaveLength(1);
  });

  it("[A2.7] is refused if it has a newer version or is no state", async () => {
    const good: unknown = JSON.parse(await readFile(sample, "utf8"));
    expect(() => checkAutoRunState({ ...(good as object), version: 2 })).toThrow(/version 2.*Update codexkit/);
    const bad = [null, 7, "x", [], {}, { version: 1 }, { ...(good as object), phase: "later" }];
    const worse = ["input", "turn", "turns", "attempts", "reason", "inputChecked"];
    for (const value of [...bad, ...worse.map((key) => ({ ...(good as object), [key]: null }))]) {
      expect(() => checkAutoRunState(value), JSON.stringify(value)).toThrow(OptionError);
    }
  });
});

describe("a run that is left for an approval", () => {
  it("[A2.7] resolves with the open approvals, and continues with the same live turn without losing an event", async () => {
    const ask = shell("echo hi", { escalate: true, justification: "to see" });
    const steps = [respond(ask), respond(message("Done"))];
    await using stand = openRunStand(steps, { onApproval: () => ({ decision: "defer" }) });
    await stand.thread.start();
    const { saved, checkpoint } = keeper();
    const order: string[] = [];
    const hooks = {
      onItemStart: () => order.push("start"),
      onItemEnd: () => order.push("end"),
      onTurnEnd: () => order.push("turn"),
    };
    const run = stand.thread.runAutoStreamed("Work", { checkpoint, hooks });
    const events = await collect(run);
    const left = await run.result();
    expect(left).toMatchObject({
      stopReason: "approval",
      interruptions: [{ request: { kind: "command" } }],
      turns: [],
    });
    expect(events.at(-1)?.type).toBe("codexkit.run.completed");
    expect(saved.at(-1)?.run).toMatchObject({ phase: "inTurn", turn: 1 });
    expect(stand.transport.modelRequests).toHaveLength(1);

    for (const interruption of left.interruptions) interruption.decide({ decision: "accept" });
    const next = stand.thread.resumeAutoStreamed({ hooks });
    const rest = await collect(next);
    expect((await next.result()).finalResponse).toBe("Done");
    const all = [...events, ...rest].filter(({ type }) => !type.startsWith("codexkit."));
    expect(all.filter(({ type }) => type === "turn.started")).toHaveLength(1);
    expect(all.at(-1)?.type).toBe("turn.completed");
    expect(order.filter((name) => name === "start")).toHaveLength(order.filter((name) => name === "end").length);
    expect(order.at(-1)).toBe("turn");
  });
});

/** Returns the state of a run after a first turn with this answer. */
async function stateAfter(text: string): Promise<AutoRunState> {
  await using stand = openRunStand([respond(message(text), tokens)]);
  const { saved, checkpoint } = keeper();
  await stand.thread.runAutoStreamed("Count", { checkpoint }).result();
  const state = saved.at(-1)?.run;
  if (state === undefined) throw new Error("No checkpoint was saved.");
  return state;
}
