import { describe, expect, it } from "vitest";
import { InterruptionRegistry } from "../../src/approvals/interruptions.js";
import type { Thread } from "../../src/index.js";
import { message, respond, shell } from "../../src/testing/index.js";
import type { AutoRunThread } from "../../src/thread/auto-run/auto-run-thread.js";
import { continueAutoRun, createAutoRun } from "../../src/thread/auto-run/create-auto-run.js";
import { toPort } from "./auto-run-port.js";
import { openRealCodex } from "./real-codex.js";

describe("a run that waits for a person, on the real binary", () => {
  it("[A2.5] [A2.7] is left when all is deferred, and goes on with the same live turn once it is decided", async () => {
    const steps = [
      respond(shell("echo outside", { escalate: true, justification: "to see" })),
      respond(message("Done")),
    ];
    await using stand = await openRealCodex("app-server", steps);
    const thread = stand.codex.startThread({ ...stand.thread, onApproval: () => ({ decision: "defer" }) });
    const port = toWaitingPort(thread);
    const seen: string[] = [];
    const hooks = {
      onApprovalRequested: () => seen.push("requested"),
      onApprovalResolved: () => seen.push("resolved"),
      onTurnEnd: () => seen.push("turn ended"),
      onRunEnd: () => seen.push("run ended"),
    };
    const run = createAutoRun(port, "Work", { hooks });
    const left = await run.result();
    expect(left).toMatchObject({
      stopReason: "approval",
      turns: [],
      interruptions: [{ request: { kind: "command" } }],
    });
    expect(seen).toEqual(["requested", "run ended"]);

    for (const interruption of left.interruptions) interruption.decide({ decision: "accept" });
    const result = await continueAutoRun(port, run, { hooks }).result();
    expect(result).toMatchObject({ stopReason: "completed", finalResponse: "Done", turns: [{ turn: 1, attempt: 1 }] });
    expect(seen.slice(2)).toEqual(["resolved", "turn ended", "run ended"]);
    const command = result.items.find(({ type }) => type === "commandExecution");
    expect(command).toMatchObject({ aggregatedOutput: "outside\n", exitCode: 0 });
    await stand.model.assertDone();
  });
});

function toWaitingPort(thread: Thread): AutoRunThread {
  const { interruptions } = thread;
  if (!(interruptions instanceof InterruptionRegistry)) throw new Error("The thread has no registry.");
  const port = toPort(thread);
  return {
    get id() {
      return port.id;
    },
    openTurn: (input, options, attempt) => port.openTurn(input, options, attempt),
    toState: () => port.toState(),
    interruptions,
  };
}
