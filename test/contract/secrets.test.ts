import { describe, expect, it } from "vitest";
import { Codex, CodexError, type ThreadOptions } from "../../src/index.js";
import { createFakeAppServer, createFakeExec, die, fail, message, respond, stderr } from "../../src/testing/index.js";

const planted = "horse battery; staple/9";
const here = { skipGitRepoCheck: true, workingDirectory: "/" };
const threadId = "01a2b3c4-0000-7000-8000-000000000000";

const config: NonNullable<ThreadOptions["config"]> = {
  mcp_servers: { x: { url: "http://127.0.0.1:9/mcp", cookie: planted, http_headers: { "X-Any": planted } } },
};

describe.each(["app-server", "exec"] as const)("secrets of a thread's configuration, %s", (transport) => {
  const options = { ...here, config };
  const fakeOf = transport === "exec" ? createFakeExec : createFakeAppServer;

  it("[A1.16] are not in the state of a resumed thread", async () => {
    await using codex = new Codex({ transport });
    const state = JSON.stringify(codex.resumeThread(threadId, options).toJSON());
    expect(state).toContain("http://127.0.0.1:9/mcp");
    expect(state).not.toContain("battery");
  });

  it("[A4.4] are not in the error and the events of a failed turn", async () => {
    await using fake = await fakeOf([fail(400, { error: { message: `refused: ${planted}` } })]);
    const events: unknown[] = [];
    await using codex = new Codex({ transport, codexPathOverride: fake.codexPathOverride });
    const turn = codex.startThread(options).runStreamed("Work");
    for await (const event of turn) events.push(event);
    const error = await errorOf(turn.result());
    expect(error.message).toContain("refused: [redacted]");
    expect(JSON.stringify([events, error, error.message, String(error.stack)])).not.toContain("battery");
  });

  it("[A4.4] are not in the error of a process that exits", async () => {
    await using fake = await fakeOf([respond(message("x"), stderr(`Error: refused: ${planted}\n`), die({ code: 1 }))]);
    await using codex = new Codex({ transport, codexPathOverride: fake.codexPathOverride });
    const error = await errorOf(codex.startThread(options).run("Work"));
    expect(error.message).toContain("refused: [redacted]");
    expect(JSON.stringify([error, error.message, Object.values(error)])).not.toContain("battery");
  });
});

async function errorOf(work: Promise<unknown>): Promise<CodexError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CodexError) return error;
  throw new Error("The turn did not fail.");
}
