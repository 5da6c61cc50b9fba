import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ApprovalHandler } from "../../../src/approvals/approval-decision.js";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import { createApprover } from "../../../src/approvals/approver.js";
import { checkStoredInterruptions, InterruptionRegistry } from "../../../src/approvals/interruptions.js";
import type { JsonValue } from "../../../src/internal/json.js";
import type { ThreadEvent } from "../../../src/protocol/index.js";
import { answerRequest } from "../../../src/requests/answer-request.js";
import { DecisionWatch } from "../../../src/requests/decision-watch.js";
import { type AnyTool, tool } from "../../../src/tools/tool.js";
import { createToolSet } from "../../../src/tools/tool-set.js";

function stand(tools: readonly AnyTool[], onApproval: ApprovalHandler) {
  const interruptions = new InterruptionRegistry();
  const approver = createApprover({ onApproval, interruptions });
  const events: ThreadEvent[] = [];
  const stops: unknown[] = [];
  const turn = new AbortController();
  const handlers = { tools: createToolSet([tools]), approver, context: 1, logger: null };
  const call = (params: JsonValue) =>
    answerRequest(
      { id: 1, method: "item/tool/call", params, threadId: "t1" },
      {
        signal: turn.signal,
        decisions: new DecisionWatch(),
        emit: (event) => events.push(event),
        item: () => null,
        stop: (error) => stops.push(error),
        context: undefined,
        attempt: 1,
        workingDirectory: null,
      },
      handlers,
    );
  return { call, events, stops, turn, interruptions };
}

const wanted = {
  threadId: "t1",
  turnId: null,
  callId: "c1",
  namespace: null,
  tool: "pause",
  arguments: { at: "2026-01-01" },
};
const pause = tool({
  name: "pause",
  description: "Pauses",
  parameters: { schema: z.object({ at: z.string().transform((at) => new Date(at)) }), jsonSchema: { type: "object" } },
  needsApproval: true,
  execute: ({ at }) => String(at.getTime()),
});

describe("a call of a host tool that needs approval", () => {
  test("[A2.5] shows its validated arguments as JSON, and runs without a turn id", async () => {
    const seen: ApprovalRequest[] = [];
    const { call } = stand([pause], (request) => {
      seen.push(request);
      return { decision: "accept" };
    });
    const answer = await call(wanted);
    expect(seen).toMatchObject([
      { kind: "tool", tool: "pause", turnId: null, arguments: { at: "2026-01-01T00:00:00.000Z" } },
    ]);
    expect(JSON.stringify(answer)).toContain(String(Date.parse("2026-01-01")));
  });

  test("[A2.5] can be stored in a state and read back while it waits", async () => {
    const { call, interruptions, turn, events } = stand([pause], () => ({ decision: "defer" }));
    const answer = call(wanted);
    await new Promise<void>((resolve) => void interruptions.onWaiting(resolve));
    expect(checkStoredInterruptions(JSON.parse(JSON.stringify(interruptions))).requests).toHaveLength(1);
    turn.abort();
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type === "codexkit.approval.resolved")).toHaveLength(1);
    expect(types.filter((type) => type === "codexkit.tool.completed")).toHaveLength(1);
    expect(await answer).toMatchObject({ kind: "result", result: { success: false } });
  });

  test("[A2.6] is refused if it does not name the tool", async () => {
    const { call, events } = stand([pause], () => ({ decision: "accept" }));
    for (const params of [null, {}, { ...wanted, tool: 1 }, { ...wanted, callId: null }]) {
      expect(await call(params)).toMatchObject({ result: { success: false } });
    }
    expect(events.map(({ type }) => type)).toEqual(Array.from({ length: 4 }, () => "codexkit.request.refused"));
  });

  test("[A2.5] ends the turn if it is cancelled, and is answered as declined", async () => {
    const { call, stops } = stand([pause], () => ({ decision: "cancel" }));
    expect(await call(wanted)).toMatchObject({ result: { success: false } });
    expect(stops).toEqual([null]);
  });
});
