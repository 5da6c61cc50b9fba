import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { tool } from "../../src/index.js";
import { fail, functionCall, message, respond, shell, usage } from "../../src/testing/index.js";
import { harnesses } from "./harnesses.js";

interface Publication {
  readonly subject: string;
  readonly phase: unknown;
  readonly operation: unknown;
  readonly message: Readonly<Record<string, unknown>>;
}

const subjects = ["client", "process", "turn", "item", "tool", "approval"] as const;

function listen(): { readonly published: Publication[]; stop: () => void } {
  const published: Publication[] = [];
  const listeners = subjects.map((subject) => {
    const listener = (data: unknown): void => {
      if (typeof data !== "object" || data === null || !("phase" in data) || !("operation" in data)) return;
      published.push({ subject, phase: data.phase, operation: data.operation, message: { ...data } });
    };
    subscribe(`codexkit:${subject}`, listener);
    return () => unsubscribe(`codexkit:${subject}`, listener);
  });
  return {
    published,
    stop: () => {
      for (const stop of listeners) stop();
    },
  };
}

describe.each(harnesses.filter(({ name }) => name !== "memory"))("diagnostics on $name", (harness) => {
  it("[A5] client, process, turn and item publish their start and end once each, with the same operation; items name their turn", async () => {
    const { published, stop } = listen();
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
      const operations = group(published);
      for (const [operation, messages] of operations) {
        const phases = messages.map(({ phase }) => phase).filter((phase) => phase !== "event");
        expect(phases, JSON.stringify(operation)).toEqual(["start", expect.stringMatching(/^(end|error)$/)]);
      }
      const turns = published.filter(({ subject }) => subject === "turn");
      expect(turns.map(({ phase }) => phase)).toEqual(["start", "end", "start", "error"]);
      expect(turns[1]?.message).toMatchObject({ threadId: thread.id, status: "completed" });
      const begun = new Set<unknown>();
      for (const { subject, operation, message } of published) {
        if (subject === "turn") begun.add(operation);
        if (subject === "item") expect(begun.has(message["parent"])).toBe(true);
      }
      expect(published.find(({ subject }) => subject === "item")?.message["parent"]).toBe(turns[0]?.operation);
      const items = published.filter(({ subject, phase }) => subject === "item" && phase === "end");
      expect(items.map(({ message: { itemType } }) => itemType)).toEqual(
        expect.arrayContaining(["commandExecution", "agentMessage"]),
      );
      expect(published.some(({ subject, phase }) => subject === "process" && phase === "end")).toBe(true);
      expect(published.filter(({ subject }) => subject === "client").map(({ phase }) => phase)).toEqual([
        "start",
        "end",
      ]);
    } finally {
      stop();
    }
  });
});

const withTools = harnesses.filter(({ real, transport, name }) => name !== "memory" && (real || transport !== "exec"));

describe.each(withTools)("diagnostics of host tools on $name", ({ transport, open }) => {
  it("[A2.3] [A5] calls and approvals publish their start, end, outcome and turn, with the same operation", async () => {
    const { published, stop } = listen();
    try {
      const served = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
      await using stand = await open([respond(functionCall("careful", {}, served)), respond(message("done"))]);
      const execute = (): never => {
        throw new Error("no");
      };
      const careful = tool({ name: "careful", description: "Asks first.", needsApproval: true, execute });
      const onApproval = () => ({ decision: "accept" }) as const;
      await stand.codex.startThread({ ...stand.thread, tools: [careful], onApproval }).run("Work");
      const of = (subject: string) => published.filter((each) => each.subject === subject);
      expect(of("tool").map(({ phase }) => phase)).toEqual(["start", "error"]);
      expect(of("tool")[1]?.message).toMatchObject({ tool: "careful", outcome: "threw" });
      expect(of("approval").map(({ phase }) => phase)).toEqual(["start", "end"]);
      expect(of("approval")[1]?.message).toMatchObject({ kind: "tool", decision: "accept", by: "handler" });
      for (const subject of ["tool", "approval"]) {
        for (const { message } of of(subject)) expect(message["parent"]).toBe(of("turn")[0]?.operation);
        expect(new Set(of(subject).map((each) => each.operation)).size).toBe(1);
      }
    } finally {
      stop();
    }
  });
});

function group(published: readonly Publication[]): Map<unknown, Publication[]> {
  const groups = new Map<unknown, Publication[]>();
  for (const entry of published) groups.set(entry.operation, [...(groups.get(entry.operation) ?? []), entry]);
  return groups;
}
