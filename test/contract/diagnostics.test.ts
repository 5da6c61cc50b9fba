import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { fail, message, respond, shell, usage } from "../../src/testing/index.js";
import { harnesses } from "./harnesses.js";

interface Told {
  readonly subject: string;
  readonly phase: unknown;
  readonly operation: unknown;
  readonly message: Readonly<Record<string, unknown>>;
}

const subjects = ["client", "process", "turn", "item"] as const;

function listen(): { readonly told: Told[]; stop: () => void } {
  const told: Told[] = [];
  const listeners = subjects.map((subject) => {
    const listener = (data: unknown): void => {
      if (typeof data !== "object" || data === null || !("phase" in data) || !("operation" in data)) return;
      told.push({ subject, phase: data.phase, operation: data.operation, message: { ...data } });
    };
    subscribe(`codexkit:${subject}`, listener);
    return () => unsubscribe(`codexkit:${subject}`, listener);
  });
  return {
    told,
    stop: () => {
      for (const stop of listeners) stop();
    },
  };
}

describe.each(harnesses.filter(({ name }) => name !== "memory"))("diagnostics on $name", (harness) => {
  it("client, process, turn and item tell their start and their end, once each, by the same operation", async () => {
    const { told, stop } = listen();
    try {
      const steps = [
        respond(shell("echo one", { output: "one\n" }), usage({ input: 1, output: 1 })),
        respond(message("done"), usage({ input: 1, output: 1 })),
        fail(400, { error: { message: "no" } }),
      ];
      await using stand = await harness.open(steps);
      const thread = stand.codex.startThread(stand.thread);
      await thread.run("Work");
      await expect(thread.run("Fail")).rejects.toMatchObject({ code: "TURN_FAILED" });
      await stand.codex.close();
      const operations = group(told);
      for (const [operation, messages] of operations) {
        const phases = messages.map(({ phase }) => phase).filter((phase) => phase !== "event");
        expect(phases, JSON.stringify(operation)).toEqual(["start", expect.stringMatching(/^(end|error)$/)]);
      }
      const turns = told.filter(({ subject }) => subject === "turn");
      expect(turns.map(({ phase }) => phase)).toEqual(["start", "end", "start", "error"]);
      expect(turns[1]?.message).toMatchObject({ threadId: thread.id, status: "completed" });
      const items = told.filter(({ subject, phase }) => subject === "item" && phase === "end");
      expect(items.map(({ message: { itemType } }) => itemType)).toEqual(
        expect.arrayContaining(["commandExecution", "agentMessage"]),
      );
      expect(told.some(({ subject, phase }) => subject === "process" && phase === "end")).toBe(true);
      expect(told.filter(({ subject }) => subject === "client").map(({ phase }) => phase)).toEqual(["start", "end"]);
    } finally {
      stop();
    }
  });
});

function group(told: readonly Told[]): Map<unknown, Told[]> {
  const groups = new Map<unknown, Told[]>();
  for (const entry of told) groups.set(entry.operation, [...(groups.get(entry.operation) ?? []), entry]);
  return groups;
}
