import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { realCodex } from "../../unit/testing/codex-program.js";
import { pickText, RpcClient } from "../../unit/testing/start-program.js";
import { createMessageCheck, type MessageCheck } from "../../unit/testing/validate-messages.js";

const program = fileURLToPath(new URL("../../agents/hostile-server/codex.mjs", import.meta.url));

describe("the messages of the hostile app-server are valid by the binary's schema, except the intended violations", () => {
  let check: MessageCheck;
  beforeAll(async () => {
    check = await createMessageCheck(realCodex());
  });

  test.each(["", "asks forgotten", "overtaking", "endsTwice", "endsAnother turn", "goesOn"])(
    "HOSTILE=%s [A0.3]",
    async (hostile) => {
      const client = open(hostile, {});
      await client.open();
      const threadId = await client.startThread();
      await client.startTurn(threadId, "one");
      await client.next("turn/completed");
      await client.call("thread/backgroundTerminals/clean", { threadId });
      await client.call("thread/unsubscribe", { threadId });
      expect(problemsOf(client, check)).toEqual([]);
    },
  );

  test("HOSTILE_HOLD [A0.3]", async () => {
    const client = open("", { HOSTILE_HOLD: "1" });
    await client.open();
    const threadId = pickText(
      await client.call("thread/resume", { threadId: "some thread" }),
      "result",
      "thread",
      "id",
    );
    expect(threadId).toBe("some thread");
    const turnId = await client.startTurn(threadId, "one");
    await client.call("turn/interrupt", { threadId, turnId });
    expect(pickText(await client.next("turn/completed"), "params", "turn", "status")).toBe("interrupted");
    expect(await client.call("turn/interrupt", { threadId, turnId })).toMatchObject({ error: { code: -32_600 } });
    await client.startTurn(threadId, "again");
    expect(pickText(await client.next("turn/completed"), "params", "turn", "status")).toBe("completed");
    expect(problemsOf(client, check)).toEqual([]);
    client.child.stdin.end();
    expect(await client.exited).toMatchObject({ code: 0 });
  });
});

function open(hostile: string, env: Record<string, string>): RpcClient {
  return new RpcClient(program, ["app-server"], {
    env: { PATH: process.env["PATH"] ?? "", HOSTILE: hostile, ...env },
  });
}

function problemsOf(client: RpcClient, check: MessageCheck): string[] {
  return client.messages.flatMap((message) => {
    const { id } = message;
    return check(message, typeof id === "string" ? client.methods.get(id) : undefined);
  });
}
