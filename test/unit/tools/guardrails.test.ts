import { describe, expect, test } from "vitest";
import { GuardrailError } from "../../../src/errors/guardrail-error.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { tool } from "../../../src/tools/tool.js";
import type { ToolInput } from "../../../src/tools/call/tool-guardrail.js";
import type { ToolOptions } from "../../../src/tools/tool-options.js";
import { lastOf, openTurn, textOf } from "./call.js";

const send = (ran: string[], more: Partial<ToolOptions<typeof parameters>>) =>
  tool({
    name: "send",
    description: "Sends.",
    parameters,
    execute: ({ to }) => {
      ran.push(to);
      return `sent to ${to}`;
    },
    ...more,
  });
const parameters = { type: "object", properties: { to: { type: "string" } }, required: ["to"] } as const;

describe("a guardrail of a tool", () => {
  test("[A2.9] that allows changes nothing, and receives the arguments, then the output", async () => {
    const seen: unknown[] = [];
    const made = send([], {
      inputGuardrails: [
        (call: ToolInput<{ to: string }>) => {
          seen.push(call.arguments.to, call.callId);
          return { behavior: "allow" };
        },
      ],
      outputGuardrails: [
        {
          name: "out",
          check: async (call) => {
            seen.push(call.output, call.arguments.to);
            return { behavior: "allow" };
          },
        },
      ],
    });
    const open = openTurn([made]);
    expect(textOf(await open.call("send", { to: "ada" }))).toBe("sent to ada");
    expect(seen).toEqual(["ada", "c-send", "sent to ada", "ada"]);
    expect(open.stops).toEqual([]);
  });

  test("[A2.9] that rejects the arguments sends its message to the model; the tool does not run, and no approval is requested", async () => {
    const ran: string[] = [];
    const made = send(ran, {
      needsApproval: true,
      inputGuardrails: [() => ({ behavior: "reject", message: "not there" })],
    });
    const open = openTurn([made], { approve: () => expect.fail("an approval was requested") });
    const result = await open.call("send", { to: "ada" });
    expect([result.success, textOf(result), ran]).toEqual([false, "not there", []]);
    expect(lastOf(open)).toMatchObject({ outcome: "rejected", message: "not there" });
  });

  test("[A2.9] that rejects the output hides it from the model", async () => {
    const ran: string[] = [];
    const open = openTurn([send(ran, { outputGuardrails: [() => ({ behavior: "reject", message: "secret" })] })]);
    expect(textOf(await open.call("send", { to: "ada" }))).toBe("secret");
    expect([ran, lastOf(open)?.outcome]).toEqual([["ada"], "rejected"]);
  });

  test("[A2.9] with the verdict `throw` fails the call and ends the turn with a GuardrailError", async () => {
    const stages = [
      ["toolInput", { inputGuardrails: [{ name: "pii", check: () => ({ behavior: "throw" }) as const }] }],
      [
        "toolOutput",
        { outputGuardrails: [{ name: "pii", check: () => ({ behavior: "throw", message: "no" }) as const }] },
      ],
    ] as const;
    for (const [stage, more] of stages) {
      const open = openTurn([send([], more)]);
      expect((await open.call("send", { to: "ada" })).success).toBe(false);
      expect(open.stops).toHaveLength(1);
      expect(open.stops[0]).toBeInstanceOf(GuardrailError);
      expect(open.stops[0]).toMatchObject({
        code: "GUARDRAIL_TRIPPED",
        guardrail: "pii",
        stage,
        threadId: "t",
        turnId: "u",
      });
      expect(lastOf(open)?.outcome).toBe("rejected");
    }
  });

  test("[A2.9] that throws or returns an invalid verdict rejects the call without ending the turn", async () => {
    const failures = [
      () => {
        throw new Error("hunter2");
      },
      () => Promise.reject(new Error("hunter2")),
      () => undefined,
      () => ({ behavior: "Allow" }),
      () => true,
    ];
    for (const check of failures) {
      const ran: string[] = [];
      const open = openTurn([send(ran, { inputGuardrails: [{ name: "broken", check: check as never }] })]);
      const result = await open.call("send", { to: "ada" });
      expect([result.success, ran, open.stops]).toEqual([false, [], []]);
      expect(textOf(result)).toBe("The guardrail `broken` failed, so the call is rejected.");
      expect(open.logs).toHaveLength(1);
    }
  });

  test("[A2.9] is not called if an earlier one rejected the call", async () => {
    const no = () => ({ behavior: "reject", message: "first" }) as const;
    const open = openTurn([send([], { inputGuardrails: [no, () => expect.fail("called")] })]);
    expect(textOf(await open.call("send", { to: "ada" }))).toBe("first");
  });

  test("[A2.9] whose verdict arrives after the time limit does not end the turn", async () => {
    const verdict = createDeferred<{ behavior: "throw" }>();
    const open = openTurn([send([], { timeoutMs: 10, inputGuardrails: [() => verdict.promise] })]);
    await open.call("send", { to: "ada" });
    verdict.resolve({ behavior: "throw" });
    await verdict.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect([lastOf(open)?.outcome, open.stops, open.events.length]).toEqual(["timedOut", [], 2]);
  });
});
