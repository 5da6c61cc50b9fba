import { describe, expect, it } from "vitest";
import {
  type ApprovalDecision,
  type ApprovalHandler,
  type ApprovalRequest,
  tool,
  type ToolSettings,
} from "../../../src/index.js";
import { type Harness } from "../harnesses.js";
import { callTool, endsIn, ownTypesIn, playTools, type ToolPlay, toolHarnesses } from "./tool-stand.js";

const parameters = { type: "object", properties: { to: { type: "string" } }, required: ["to"] } as const;
type NeedsApproval = ToolSettings<typeof parameters>["needsApproval"];

interface ApprovalPlay extends Omit<ToolPlay, "tools" | "calls"> {
  readonly needsApproval?: NeedsApproval;
  readonly onApproval?: ApprovalHandler | ApprovalDecision;
}

/** A turn in which the model calls `deploy`, which needs an approval. */
async function deploy(harness: Harness, play: ApprovalPlay) {
  const { needsApproval = true, onApproval, thread = {}, ...more } = play;
  const ran: string[] = [];
  const asked: ApprovalRequest[] = [];
  const tools = [
    tool({
      name: "deploy",
      description: "Deploys",
      parameters,
      needsApproval,
      execute: ({ to }) => {
        ran.push(to);
        return `deployed to ${to}`;
      },
    }),
  ];
  const handler: ApprovalHandler = (request, context) => {
    asked.push(request);
    return typeof onApproval === "function" ? onApproval(request, context) : (onApproval ?? { decision: "decline" });
  };
  const played = await playTools(harness, {
    ...more,
    tools,
    calls: [deployTo(harness, "prod", "one")],
    thread: { ...thread, ...(onApproval === undefined ? {} : { onApproval: handler }) },
  });
  const { events } = played;
  const resolved = events.flatMap((event) => (event.type === "codexkit.approval.resolved" ? [event] : []));
  const status = events.flatMap((event) => (event.type === "turn.completed" ? [event.turn.status] : []));
  return { ...played, ran, asked, resolved, status, ends: endsIn(events) };
}

function deployTo(harness: Harness, to: string, callId: string) {
  return callTool(harness, "deploy", { to }, callId);
}

/** Long enough for the first call of the model on a busy machine. */
const patience = { timeout: 30_000, interval: 5 };

const askedAndAnswered = [
  "codexkit.tool.started",
  "codexkit.approval.requested",
  "codexkit.approval.resolved",
  "codexkit.tool.completed",
  "turn.completed",
];

describe.each(toolHarnesses)("approvals of host tools, $name", (harness) => {
  it("[A2.5] accept runs the tool, and the request has the tool, the thread and the arguments", async () => {
    const played = await deploy(harness, { onApproval: { decision: "accept" } });
    expect(played.ran).toEqual(["prod"]);
    expect(played.output("one")).toBe("deployed to prod");
    const request = { kind: "tool", tool: "deploy", namespace: null, callId: "one", arguments: { to: "prod" } };
    expect(played.asked).toEqual([expect.objectContaining({ ...request, threadId: played.threadId })]);
    expect(played.resolved).toEqual([expect.objectContaining({ decision: "accept", by: "handler" })]);
    expect(ownTypesIn(played.events)).toEqual(askedAndAnswered);
  });

  it("[A2.5] acceptForSession accepts later calls in the thread without a request", async () => {
    const more = [[deployTo(harness, "test", "two")]];
    const played = await deploy(harness, { onApproval: { decision: "acceptForSession" }, more });
    expect(played.ran).toEqual(["prod", "test"]);
    expect(played.asked).toHaveLength(1);
    expect(played.resolved.map(({ by }) => by)).toEqual(["handler", "stored"]);
    expect(played.output("two")).toBe("deployed to test");
  });

  it("[A2.5] decline sends the model the reason, and the turn continues", async () => {
    const played = await deploy(harness, { onApproval: { decision: "decline", reason: "It is Friday" } });
    expect(played.ran).toEqual([]);
    expect(played.output("one")).toBe("The call of `deploy` was declined: It is Friday");
    expect(played.ends["one"]).toMatchObject({ outcome: "declined" });
    expect(ownTypesIn(played.events)).toEqual(askedAndAnswered);
    expect(played.result).toMatchObject({ status: "completed", finalResponse: "Done." });
  });

  it("[A2.5] declines the call without a handler", async () => {
    const played = await deploy(harness, {});
    expect(played.ran).toEqual([]);
    expect(played.output("one")).toMatch(/^The call of `deploy` was declined/);
    expect(played.resolved).toEqual([expect.objectContaining({ decision: "decline", by: "default" })]);
    expect(played.result?.status).toBe("completed");
  });

  it("[A2.5] cancel ends the turn as interrupted", async () => {
    const played = await deploy(harness, { onApproval: { decision: "cancel" } });
    expect(played.ran).toEqual([]);
    expect(played.result?.status).toBe("interrupted");
    expect(played.status).toEqual(["interrupted"]);
    expect(played.ends["one"]).toMatchObject({ outcome: "declined" });
    expect(ownTypesIn(played.events)).toEqual(askedAndAnswered);
  });

  it.each(["accept", "decline"] as const)(
    "[A2.5] a deferred call is listed in the interruptions: %s",
    async (decision) => {
      const played = await deploy(harness, {
        onApproval: { decision: "defer" },
        thread: { approvalTimeoutMs: 20 },
        async beside({ thread, turn }) {
          await expect.poll(() => thread.interruptions.list(), patience).toHaveLength(1);
          const [waiting] = thread.interruptions.list();
          expect(waiting?.request).toMatchObject({ kind: "tool", callId: "one", arguments: { to: "prod" } });
          expect(turn.status).toBe("running");
          waiting?.decide({ decision });
          expect(thread.interruptions.list()).toEqual([]);
        },
      });
      expect(played.ran).toEqual(decision === "accept" ? ["prod"] : []);
      expect(played.resolved).toEqual([expect.objectContaining({ decision, by: "handler" })]);
      expect(ownTypesIn(played.events)).toEqual(askedAndAnswered);
      expect(played.result?.status).toBe("completed");
    },
  );

  it("[A2.5] declines if the handler does not answer in time, and aborts its signal", async () => {
    let given: AbortSignal | null = null;
    const played = await deploy(harness, {
      onApproval: (_, { signal }) => {
        given = signal;
        return new Promise<never>(() => undefined);
      },
      thread: { approvalTimeoutMs: 50 },
    });
    expect(given).toMatchObject({ aborted: true });
    expect(played.ran).toEqual([]);
    expect(played.output("one")).toBe("The call of `deploy` was declined: There was no decision within 50 ms.");
    expect(played.resolved).toEqual([expect.objectContaining({ decision: "decline", by: "timeout" })]);
    expect(played.result?.status).toBe("completed");
  });

  it("[A2.5] a `needsApproval` function selects the calls; if it throws, every call needs an approval", async () => {
    const more = [[deployTo(harness, "test", "two")]];
    const onlyProd = ({ to }: { readonly to: string }): boolean => to === "prod";
    const some = await deploy(harness, { needsApproval: onlyProd, onApproval: { decision: "decline" }, more });
    expect(some.ran).toEqual(["test"]);
    expect(some.asked).toHaveLength(1);
    const failing = (): never => {
      throw new Error("no idea");
    };
    const all = await deploy(harness, { needsApproval: failing, onApproval: { decision: "decline" }, more });
    expect(all.ran).toEqual([]);
    expect(all.asked).toHaveLength(2);
  });

  it("[A2.5] with twenty pending calls, each decision reaches its own call", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `place ${index}`);
    const rest = names.map((to, index) => deployTo(harness, to, `many_${index}`));
    const played = await deploy(harness, {
      needsApproval: ({ to }) => to !== "prod",
      onApproval: { decision: "defer" },
      more: [rest],
      async beside({ thread }) {
        await expect.poll(() => thread.interruptions.list(), patience).toHaveLength(20);
        for (const { request, decide } of [...thread.interruptions.list()].reverse()) {
          const even = request.kind === "tool" && Number(request.callId.split("_")[1]) % 2 === 0;
          decide(even ? { decision: "accept" } : { decision: "decline", reason: `not ${String(request.itemId)}` });
        }
      },
    });
    for (const [index, to] of names.entries()) {
      const declined = `The call of \`deploy\` was declined: not many_${index}`;
      expect(played.output(`many_${index}`)).toBe(index % 2 === 0 ? `deployed to ${to}` : declined);
    }
    expect(played.resolved).toHaveLength(20);
  });
});
