import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Codex, type RunHooks, tool } from "../../../../src/index.js";
import { createMemoryTransport, fail, functionCall, message, respond, shell } from "../../../../src/testing/index.js";
import { hookNames } from "../../../../src/thread/auto-run/run-hooks.js";

const parts = {
  message: () => message("Some words"),
  command: () => shell("ls", { output: "a\n" }),
  asked: () => shell("rm a", { escalate: true, justification: "to see" }),
  tool: () => functionCall("look", { at: "a" }),
  asking: () => functionCall("write", { at: "a" }),
};
type Part = keyof typeof parts;
type Step = Part | "fail";
type Stop = "interrupt" | "abort" | "close" | "leave";

const tools = ["look", "write"].map((name) =>
  tool({
    name,
    description: "A tool.",
    parameters: { type: "object", properties: { at: { type: "string" } } },
    needsApproval: name === "write",
    execute: ({ at }) => `It is at ${String(at)}.`,
  }),
);

describe("hooks of whole runs", () => {
  it("[A2.8] each start hook has one end hook in its turn and its run, for every script and every time of a stop", async () => {
    const step = fc.constantFrom<Step>("message", "command", "asked", "tool", "asking", "fail");
    const decisions = fc.array(fc.constantFrom("accept", "decline", "cancel", "throw", "defer"), { maxLength: 4 });
    const stop = fc.option(
      fc.record({ at: fc.nat(25), how: fc.constantFrom<Stop>("interrupt", "abort", "close", "leave") }),
      { nil: null },
    );
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 7 }), decisions, stop, async (steps, decided, stopped) => {
        const { calls, ended } = await play(steps, decided, stopped);
        for (const { name, abandoned } of calls) seen.add(abandoned === true ? `${name}, abandoned` : name);
        checkLaws(calls, ended);
      }),
      // The example ends a run inside an item, which the random scripts rarely do.
      { numRuns: 150, examples: [[["command", "asking", "fail"], ["decline"], { at: 4, how: "abort" }]] },
    );
    for (const name of hookNames) expect([...seen]).toContain(name);
    expect([...seen]).toContain("onItemEnd, abandoned");
  });
});

interface Played {
  readonly calls: readonly HookCall[];
  /** The run has ended, as opposed to a run that was left. */
  readonly ended: boolean;
}

interface HookCall {
  readonly name: string;
  readonly id: string;
  readonly place: string;
  readonly abandoned: boolean | null;
}

async function play(
  steps: readonly Step[],
  decided: readonly string[],
  stop: { readonly at: number; readonly how: Stop } | null,
): Promise<Played> {
  const script = steps.map((step) => (step === "fail" ? fail(500) : respond(parts[step]())));
  const transport = createMemoryTransport([...script, respond(message("two")), respond(message("end"))]);
  const left = [...decided];
  const onApproval = () => {
    const decision = left.shift() ?? "accept";
    if (decision === "throw") throw new Error("boom");
    return { decision } as { readonly decision: "accept" };
  };
  await using codex = new Codex({ transport, tools, onApproval });
  const thread = codex.startThread({ skipGitRepoCheck: true });
  const calls: HookCall[] = [];
  const abort = new AbortController();
  const hooks: RunHooks = Object.fromEntries(
    hookNames.map((name) => [name, (call: object) => void calls.push(toHookCall(name, call))]),
  );
  const options = {
    hooks,
    guardrails: { output: [{ name: "out", check: () => ({ behavior: "allow" as const }) }] },
    signal: abort.signal,
    retry: { initialDelayMs: 0 },
    maxTurns: 3,
    until: ({ finalResponse }: { readonly finalResponse: string | null }) => finalResponse === "end",
  };
  let closed = false;
  let run = thread.runAutoStreamed("Go", options);
  for (;;) {
    let at = 0;
    try {
      for await (const _ of run) {
        at += 1;
        if (at !== stop?.at) continue;
        if (stop.how === "leave") break;
        if (stop.how === "interrupt") void run.interrupt();
        else if (stop.how === "abort") abort.abort();
        else {
          closed = true;
          void codex.close();
        }
      }
    } catch {
      // The test compares hooks only.
    }
    const result = await run.result().catch(() => null);
    if (result?.stopReason !== "approval") return { calls, ended: true };
    // A run that waits for a decision has not ended, and an aborted run or a closed client cannot resume it.
    if (abort.signal.aborted || closed) return { calls, ended: false };
    for (const interruption of result.interruptions) interruption.decide({ decision: "accept" });
    run = thread.resumeAutoStreamed(options);
  }
}

function toHookCall(name: string, call: object): HookCall {
  const { turn, attempt, abandoned } = call as { turn?: number; attempt?: number; abandoned?: boolean };
  const id = /"(?:id|callId|approvalId)":"([^"]+)"/.exec(JSON.stringify(call))?.[1] ?? "";
  return { name, id, place: `${turn}.${attempt}`, abandoned: abandoned ?? null };
}

const begins = /(Start|Requested)$/;
const inTurn = /^on(Item|Tool|Approval)/;

function checkLaws(calls: readonly HookCall[], ended: boolean): void {
  const open = new Map<string, string>();
  let turn: string | null = null;
  for (const { name, id, place } of calls) {
    if (name === "onTurnStart") {
      expect(turn).toBeNull();
      turn = place;
    }
    if (inTurn.test(name)) {
      expect(place).toBe(turn);
      const subject = `${name.replace(/(Start|End|Requested|Resolved)$/, "")} ${id}`;
      expect(open.has(subject), `${name} ${id}`).toBe(!begins.test(name));
      if (begins.test(name)) open.set(subject, place);
      else open.delete(subject);
    }
    if (name === "onTurnEnd") {
      expect(place).toBe(turn);
      expect([...open.keys()]).toEqual([]);
      turn = null;
    }
  }
  if (ended) {
    expect(turn).toBeNull();
    expect([...open.keys()]).toEqual([]);
  }
  expect(calls[0]?.name).toBe("onRunStart");
  expect(calls.at(-1)?.name).toBe("onRunEnd");
  const count = (name: string) => calls.filter((each) => each.name === name).length;
  expect(count("onRunStart")).toBe(count("onRunEnd"));
}
