import { describe, expect, it } from "vitest";
import { allow, deny } from "../../../src/approvals/rules/approval-rule.js";
import { UnsupportedFeatureError } from "../../../src/errors/unsupported-feature-error.js";
import { Codex, tool } from "../../../src/index.js";
import { answerRequest } from "../../../src/requests/answer-request.js";
import { DecisionWatch } from "../../../src/requests/decision-watch.js";
import type { RequestTurn } from "../../../src/requests/request-turn.js";
import { ThreadHandlers } from "../../../src/thread/thread-handlers.js";
import { RecordingTransport } from "../client/recording-transport.js";

const turn: RequestTurn = {
  signal: new AbortController().signal,
  decisions: new DecisionWatch(),
  emit: () => undefined,
  item: () => null,
  stop: () => undefined,
  context: undefined,
  attempt: 1,
  workingDirectory: null,
};
const ask = {
  id: 1,
  method: "item/commandExecution/requestApproval",
  threadId: "t",
  params: { threadId: "t", turnId: "u", itemId: "i", startedAtMs: 1, command: "ls", cwd: "/" },
};

describe("the handlers of a thread", () => {
  it("[A2.5] applies a stricter handler at once, also to a running turn", async () => {
    const handlers = new ThreadHandlers({ logger: null }, { onApproval: allow() });
    const answer = () => answerRequest(ask, turn, handlers);
    expect(await answer()).toMatchObject({ result: { decision: "accept" } });
    handlers.toUpdate({ onApproval: deny() }, undefined)();
    expect(await answer()).toMatchObject({ result: { decision: "decline" } });
  });

  it("[A2.2] uses the context of the turn, also if it is null, then that of the thread, then that of the client", async () => {
    const seen: unknown[] = [];
    const record = tool({
      name: "record",
      description: "Records its context",
      execute: (_, { context }) => (seen.push(context), "ok"),
    });
    const handlers = new ThreadHandlers({ logger: null, context: "client" }, { tools: [record], context: "thread" });
    const params = { threadId: "t", turnId: "u", callId: "c", namespace: null, tool: "record", arguments: {} };
    for (const own of [null, undefined, 0]) {
      await answerRequest({ ...ask, method: "item/tool/call", params }, { ...turn, context: own }, handlers);
    }
    expect(seen).toEqual([null, "thread", 0]);
  });

  it("[I] refuses `onApproval` of a client on exec for a thread without tools", () => {
    const codex = new Codex({ transport: new RecordingTransport("exec"), onApproval: deny() });
    expect(() => codex.startThread({ skipGitRepoCheck: true })).toThrow(UnsupportedFeatureError);
    const record = tool({ name: "record", description: "Records", execute: () => "ok" });
    expect(() => codex.startThread({ skipGitRepoCheck: true, tools: [record] })).not.toThrow();
  });

  it("[A2.5] refuses an update with `onApproval` on exec if the thread has no tools", async () => {
    const thread = new Codex({ transport: new RecordingTransport("exec") }).startThread({ skipGitRepoCheck: true });
    await expect(thread.update({ onApproval: deny() })).rejects.toBeInstanceOf(UnsupportedFeatureError);
  });
});
