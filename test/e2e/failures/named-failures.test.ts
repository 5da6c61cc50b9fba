import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CodexError, McpServerError, ThreadDamagedError, TurnFailedError } from "../../../src/index.js";
import { message, respond, usage } from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";

const answer = respond(message("ok"));

describe.each(transports)("one cause has one code, %s", (transport) => {
  it("[A7.3] [N] THREAD_DAMAGED: the history of the thread is damaged", { timeout: 60_000 }, async () => {
    await using real = await openRealCodex(transport, [answer, answer]);
    const first = real.client();
    const thread = first.startThread(real.thread);
    await thread.run("hello");
    await first.close();
    const id = thread.id ?? "";
    const file = await historyOf(real);
    const content = await readFile(file, "utf8");
    const second = real.client();
    for (const damaged of ["", "garbage\n{not\n", content.slice(20), Buffer.from([0xff, 0xfe, 0x0a])]) {
      await writeFile(file, damaged);
      const error = await failureOf(second.resumeThread(id, real.thread).run("again"));
      expect(error).toBeInstanceOf(ThreadDamagedError);
      expect(error).toMatchObject({ code: "THREAD_DAMAGED", retryable: false, threadId: id });
      expect(error?.message).toContain(file);
    }
    await writeFile(file, content);
    expect((await second.resumeThread(id, real.thread).run("again")).finalResponse).toBe("ok");
  });

  it("[A7.3] [N] CONFIG_INVALID: the retired setting `profile`", { timeout: 60_000 }, async () => {
    await using real = await openRealCodex(transport, []);
    const invalid = { code: "CONFIG_INVALID", retryable: false };
    const byOption = { ...real.thread, config: { profile: "x" } };
    expect(await failureOf(real.codex.startThread(byOption).run("hello"))).toMatchObject(invalid);
    const byOverride = real.client({ configOverrides: ['profile="x"'] });
    expect(await failureOf(byOverride.startThread(real.thread).run("hello"))).toMatchObject(invalid);
    await writeFile(join(real.home, "config.toml"), 'profile = "x"\n');
    expect(await failureOf(real.client().startThread(real.thread).run("hello"))).toMatchObject(invalid);
  });

  it("[A7.3] [N] PROVIDER_KEY_MISSING: the variable of `env_key` is not set", { timeout: 30_000 }, async () => {
    await using real = await openRealCodex(transport, []);
    const mine = { name: "mine", base_url: real.model.baseUrl, env_key: "NO_SUCH_KEY", wire_api: "responses" };
    const config = { model_provider: "mine", model_providers: { mine } };
    const error = await failureOf(real.codex.startThread({ ...real.thread, config }).run("hello"));
    expect(error).toBeInstanceOf(TurnFailedError);
    expect(error).toMatchObject({ code: "PROVIDER_KEY_MISSING", retryable: false });
    expect(error?.message).toContain("NO_SUCH_KEY");
    expect(real.model.requests).toHaveLength(0);
  });

  it("[A7.3] [N] MCP_SERVER_FAILED: a required MCP server does not start", { timeout: 30_000 }, async () => {
    await using real = await openRealCodex(transport, []);
    for (const command of ["/no/such/program", "/bin/false"]) {
      const config = { mcp_servers: { broken: { command, required: true } } };
      const run = real.codex.startThread({ ...real.thread, config }).runAuto("hello", { retry: { attempts: 3 } });
      const error = await failureOf(run);
      expect(error).toBeInstanceOf(McpServerError);
      expect(error).toMatchObject({ code: "MCP_SERVER_FAILED", retryable: false });
      expect(error?.message).toContain("broken: ");
    }
    // On exec the first process prints its version.
    expect(real.pids).toHaveLength(transport === "exec" ? 3 : 1);
    expect(real.model.requests).toHaveLength(0);
  });

  it("[A7.3] [N] BUDGET_EXCEEDED: codex's own limit of tokens", { timeout: 30_000 }, async () => {
    const costly = respond(message("ok"), usage({ input: 500, output: 500 }));
    await using real = await openRealCodex(transport, [costly, costly]);
    const config = {
      features: { rollout_budget: { enabled: true, limit_tokens: 100, reminder_at_remaining_tokens: [50] } },
    };
    const thread = real.codex.startThread({ ...real.thread, config });
    for (const prompt of ["hello", "again"]) {
      const error = await failureOf(thread.run(prompt));
      expect(error).toBeInstanceOf(TurnFailedError);
      expect(error).toMatchObject({ code: "BUDGET_EXCEEDED", retryable: false });
    }
  });
});

it("[A7.3] [N] an MCP server that is not required is a warning of the result, app-server", async () => {
  await using real = await openRealCodex("app-server", [answer]);
  const config = { mcp_servers: { broken: { command: "/no/such/program" } } };
  const { status, warnings } = await real.codex.startThread({ ...real.thread, config }).run("hello");
  expect(status).toBe("completed");
  expect(warnings).toMatchObject([{ code: "MCP_SERVER_FAILED" }]);
  expect(warnings[0]?.message).toContain("`broken`");
});

async function failureOf(run: Promise<unknown>): Promise<CodexError | null> {
  const thrown: unknown = await run.then(
    () => null,
    (error: unknown) => error,
  );
  return CodexError.isInstance(thrown) ? thrown : null;
}

async function historyOf({ home }: RealCodex): Promise<string> {
  const sessions = join(home, "sessions");
  const [file = ""] = (await readdir(sessions, { recursive: true })).filter((name) => name.endsWith(".jsonl"));
  return join(sessions, file);
}
