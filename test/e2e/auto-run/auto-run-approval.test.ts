import { describe, expect, it } from "vitest";
import { message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";

const ask = shell("echo outside", { escalate: true, justification: "to see" });

describe("a run with deferred approvals, on the real binary", () => {
  it("[A2.5] [A2.7] is left when all its requests are deferred, and continues with the same live turn after the decision", async () => {
    await using stand = await openRealCodex("app-server", [respond(ask), respond(message("Done"))]);
    const thread = stand.codex.startThread({ ...stand.thread, onApproval: () => ({ decision: "defer" }) });
    const seen: string[] = [];
    const hooks = {
      onApprovalRequested: () => seen.push("requested"),
      onApprovalResolved: () => seen.push("resolved"),
      onTurnEnd: () => seen.push("turn ended"),
      onRunEnd: () => seen.push("run ended"),
    };
    const left = await thread.runAuto("Work", { hooks });
    expect(left).toMatchObject({
      stopReason: "approval",
      turns: [],
      interruptions: [{ request: { kind: "command" } }],
    });
    expect(seen).toEqual(["requested", "run ended"]);
    expect(thread.toJSON()).toMatchObject({ run: { phase: "inTurn" }, interruptions: { requests: [{}] } });

    for (const interruption of left.interruptions) interruption.decide({ decision: "accept" });
    const result = await thread.resumeAuto({ hooks });
    expect(result).toMatchObject({ stopReason: "completed", finalResponse: "Done", turns: [{ turn: 1, attempt: 1 }] });
    expect(seen.slice(2)).toEqual(["resolved", "turn ended", "run ended"]);
    const command = result.items.find(({ type }) => type === "commandExecution");
    expect(command).toMatchObject({ aggregatedOutput: "outside\n", exitCode: 0 });
    await stand.model.assertDone();
  });

  it("[A2.5] a plain turn, streamed or not, waits for a deferred decision in the same process", async () => {
    const steps = [respond(ask), respond(message("Done")), respond(ask), respond(message("Again"))];
    await using stand = await openRealCodex("app-server", steps);
    const thread = stand.codex.startThread({ ...stand.thread, onApproval: () => ({ decision: "defer" }) });
    const decide = async (): Promise<void> => {
      await expect.poll(() => thread.interruptions.list(), { timeout: 20_000 }).toHaveLength(1);
      for (const interruption of thread.interruptions.list()) interruption.decide({ decision: "accept" });
    };
    const [result] = await Promise.all([thread.run("Work"), decide()]);
    expect(result.finalResponse).toBe("Done");
    const turn = thread.runStreamed("Work");
    const resolved: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const event of turn) if (event.type === "codexkit.approval.resolved") resolved.push(event.decision);
    };
    await Promise.all([read(), decide()]);
    expect((await turn.result()).finalResponse).toBe("Again");
    expect(resolved).toEqual(["accept"]);
    await stand.model.assertDone();
  });

  it("[A2.5] settles its approvals and its turn when the thread is closed", async () => {
    await using stand = await openRealCodex("app-server", [respond(ask)]);
    const thread = stand.codex.startThread({ ...stand.thread, onApproval: () => ({ decision: "defer" }) });
    const left = await thread.runAuto("Work");
    await thread.close();
    expect(thread.interruptions.list()).toEqual([]);
    expect(() => left.interruptions[0]?.decide({ decision: "accept" })).toThrow(/APPROVAL_GONE|no longer|withdrawn/);
    await expect(thread.resumeAuto()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });
});
