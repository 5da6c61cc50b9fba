import { describe, expect, it } from "vitest";
import { allow, deny } from "../../../src/approvals/rules/approval-rule.js";
import { UnsupportedFeatureError } from "../../../src/errors/unsupported-feature-error.js";
import { Codex, tool } from "../../../src/index.js";
import type { RequestContext } from "../../../src/requests/request-context.js";
import { ThreadHandlers } from "../../../src/thread/thread-handlers.js";
import { RecordingTransport } from "../client/recording-transport.js";

const context: RequestContext = {
  signal: new AbortController().signal,
  emit: () => undefined,
  item: () => null,
  stop: () => undefined,
};
const ask = {
  id: 1,
  method: "item/commandExecution/requestApproval",
  threadId: "t",
  params: { threadId: "t", turnId: "u", itemId: "i", startedAtMs: 1, command: "ls", cwd: "/" },
};
const turn = { context: undefined, attempt: 1, workingDirectory: () => null };

describe("who answers codex on a thread", () => {
  it("[A2.5] a stricter handler holds at once, also for a turn that was made before it came", async () => {
    const handlers = new ThreadHandlers({ logger: null }, { onApproval: allow() });
    const answer = handlers.answerFor(turn);
    expect(await answer(ask, context)).toMatchObject({ result: { decision: "accept" } });
    handlers.update({ onApproval: deny() });
    expect(await answer(ask, context)).toMatchObject({ result: { decision: "decline" } });
  });

  it("[A2.2] a context of null is one, over the thread's and the client's", async () => {
    const seen: unknown[] = [];
    const tell = tool({ name: "tell", description: "Tells", execute: (_, { context }) => (seen.push(context), "ok") });
    const handlers = new ThreadHandlers({ logger: null, context: "client" }, { tools: [tell], context: "thread" });
    const params = { threadId: "t", turnId: "u", callId: "c", namespace: null, tool: "tell", arguments: {} };
    for (const own of [null, undefined, 0]) {
      await handlers.answerFor({ ...turn, context: own })({ ...ask, method: "item/tool/call", params }, context);
    }
    expect(seen).toEqual([null, "thread", 0]);
  });

  it("[A2.5] on exec nobody is asked without tools, so an update cannot bring somebody to ask", async () => {
    const thread = new Codex({ transport: new RecordingTransport("exec") }).startThread({ skipGitRepoCheck: true });
    await expect(thread.update({ onApproval: deny() })).rejects.toBeInstanceOf(UnsupportedFeatureError);
  });
});
