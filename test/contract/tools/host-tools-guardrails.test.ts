import { describe, expect, it } from "vitest";
import {
  GuardrailError,
  partialResultOf,
  tool,
  type ToolGuardrailVerdict,
  ToolRegistry,
  type ToolSettings,
} from "../../../src/index.js";
import type { Harness } from "../harnesses.js";
import { callTool, endsIn, ownTypesIn, playTools, toolHarnesses } from "./tool-stand.js";

const parameters = { type: "object", properties: { to: { type: "string" } }, required: ["to"] } as const;
type Settings = ToolSettings<typeof parameters>;

/** A turn in which the model calls `mail`, which has these guardrails. */
async function send(harness: Harness, settings: Omit<Settings, "description" | "parameters">) {
  let ran = 0;
  const mail = tool({
    ...settings,
    name: "mail",
    description: "Sends a mail",
    parameters,
    execute: ({ to }) => `sent ${(ran += 1)} to ${to}`,
  });
  const tools = new ToolRegistry([mail]);
  const played = await playTools(harness, { tools, calls: [callTool(harness, "mail", { to: "ada" }, "call_mail")] });
  return { ...played, ran, end: endsIn(played.events)["call_mail"], metrics: tools.metrics("mail") };
}

const stages = [
  { stage: "toolInput", ranWhenStopped: 0 },
  { stage: "toolOutput", ranWhenStopped: 1 },
] as const;

describe.each(toolHarnesses)("guardrails of host tools, $name", (harness) => {
  describe.each(stages)("$stage", ({ stage, ranWhenStopped }) => {
    const guarded = (check: (seen: object) => ToolGuardrailVerdict) => {
      const guardrail = { name: "the post office", check };
      return stage === "toolInput" ? { inputGuardrails: [guardrail] } : { outputGuardrails: [guardrail] };
    };

    it("[A2.9] allow runs the call, and the guardrail receives the arguments and the output", async () => {
      const seen: object[] = [];
      const played = await send(
        harness,
        guarded((call) => {
          seen.push(call);
          return { behavior: "allow" };
        }),
      );
      const output = stage === "toolOutput" ? { output: "sent 1 to ada" } : {};
      expect(seen).toEqual([expect.objectContaining({ arguments: { to: "ada" }, callId: "call_mail", ...output })]);
      expect(played.output("call_mail")).toBe("sent 1 to ada");
      expect(played.end).toMatchObject({ outcome: "success" });
    });

    it("[A2.9] reject sends the model the message instead, and the turn continues", async () => {
      const played = await send(
        harness,
        guarded(() => ({ behavior: "reject", message: "Not to Ada." })),
      );
      expect(played.ran).toBe(ranWhenStopped);
      expect(played.output("call_mail")).toBe("Not to Ada.");
      expect(played.end).toMatchObject({ outcome: "rejected", message: "Not to Ada." });
      expect(played.metrics).toMatchObject({ calls: 1, failures: 1, byOutcome: { rejected: 1 } });
      expect(played.result).toMatchObject({ status: "completed", finalResponse: "Done." });
    });

    it("[A2.9] throw ends the turn: run() rejects with a GuardrailError and the partial result", async () => {
      const played = await send(
        harness,
        guarded(() => ({ behavior: "throw", message: "Never to Ada." })),
      );
      expect(played.ran).toBe(ranWhenStopped);
      expect(played.result).toBeNull();
      expect(played.error).toBeInstanceOf(GuardrailError);
      const error = { code: "GUARDRAIL_TRIPPED", stage, guardrail: "the post office", message: "Never to Ada." };
      expect(played.error).toMatchObject({ ...error, threadId: played.threadId });
      const kind = harness.transport === "exec" ? "mcpToolCall" : "dynamicToolCall";
      const { items = [], unfinishedItems = [] } = partialResultOf(played.error) ?? {};
      expect([...items, ...unfinishedItems].map(({ type }) => type)).toContain(kind);
      expect(played.end).toMatchObject({ outcome: "rejected" });
      const types = ownTypesIn(played.events);
      // Exec is stopped and sends no further events.
      expect(types.slice(0, 2)).toEqual(["codexkit.tool.started", "codexkit.tool.completed"]);
      expect(types.slice(2).filter((type) => type !== "turn.completed")).toEqual([]);
    });

    it("[A2.9] a guardrail that throws rejects the call, and the model does not receive its error", async () => {
      const played = await send(
        harness,
        guarded(() => {
          throw new Error("secret");
        }),
      );
      expect(played.ran).toBe(ranWhenStopped);
      expect(played.output("call_mail")).toBe("The guardrail `the post office` failed, so the call is rejected.");
      expect(played.result?.status).toBe("completed");
    });
  });

  it("[A2.9] a call that a guardrail rejects causes no approval request", async () => {
    const played = await send(harness, {
      needsApproval: true,
      inputGuardrails: [() => ({ behavior: "reject", message: "No." })],
    });
    expect(ownTypesIn(played.events)).toEqual(["codexkit.tool.started", "codexkit.tool.completed", "turn.completed"]);
    expect(played.output("call_mail")).toBe("No.");
  });
});
