import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gate, message, type ModelRequest, respond, shell } from "../../../src/testing/index.js";
import { filesHolding, openRealCodex, processesHolding, transports } from "../real-codex.js";

const key = `sk-codexkit-${"k".repeat(24)}`;
const otherKey = `sk-codexkit-${"o".repeat(24)}`;

describe.each(transports)("credentials on %s", (transport) => {
  const acceptKeys = { first: key, second: otherKey };

  it("[A1.16] apiKey reaches the model, and does not reach files, argv or the commands that the model runs", async () => {
    const held = gate();
    let output = "";
    const steps = [
      respond(shell("env; cat /proc/self/environ | tr '\\0' '\\n'", { callId: "env" })),
      (request: ModelRequest) => {
        output = request.output("env") ?? "";
        return respond(held, message("done"));
      },
    ];
    await using stand = await openRealCodex(transport, steps, { acceptKeys });
    const { PATH = "", HOME = "" } = process.env;
    const codex = stand.client({
      apiKey: key,
      baseUrl: stand.model.baseUrl,
      config: { features: { plugins: false, apps: false } },
      // Like a program that reads the key from its environment.
      env: { PATH, HOME, CODEX_HOME: stand.home, OPENAI_API_KEY: key },
    });
    const began = performance.now();
    const result = codex.startThread(stand.thread).run("Print the environment");
    await held.reached;
    expect(await processesHolding(key, "cmdline")).toEqual([]);
    held.open();
    expect((await result).finalResponse).toBe("done");
    expect(output).toContain("PATH=");
    expect(output).not.toContain(key);
    expect(stand.model.requests.map((request) => request.key)).toEqual(["first", "first"]);
    await codex.close();
    expect(await filesHolding(stand.home, key)).toEqual([]);
    // Codex would try WebSocket for six seconds at an endpoint without it.
    expect(stand.model.upgrades).toBe(0);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it("[A1.16] two clients with two keys on one home are independent, and the user's login is unchanged", async () => {
    const reply = respond(message("ok"));
    await using stand = await openRealCodex(transport, [reply, reply, reply], { acceptKeys });
    const login = join(stand.home, "auth.json");
    await mkdir(stand.home, { recursive: true });
    await writeFile(login, JSON.stringify({ OPENAI_API_KEY: "sk-the-users-own" }), { mode: 0o600 });
    const before = await stat(login);
    const { PATH = "", HOME = "" } = process.env;
    const shared = {
      baseUrl: stand.model.baseUrl,
      config: { features: { plugins: false, apps: false } },
      env: { PATH, HOME, CODEX_HOME: stand.home },
    };
    const first = stand.client({ ...shared, apiKey: key }).startThread(stand.thread);
    const second = stand.client({ ...shared, apiKey: otherKey }).startThread(stand.thread);
    await first.run("one");
    await second.run("two");
    await first.run("three");
    expect(stand.model.requests.map((request) => request.key)).toEqual(["first", "second", "first"]);
    expect(JSON.parse(await readFile(login, "utf8"))).toEqual({ OPENAI_API_KEY: "sk-the-users-own" });
    expect((await stat(login)).mtimeMs).toBe(before.mtimeMs);
  });

  it("[A1.16] without apiKey the user's own login is used", async () => {
    await using stand = await openRealCodex(transport, [respond(message("ok"))], { acceptKeys });
    await writeFile(join(stand.home, "auth.json"), JSON.stringify({ OPENAI_API_KEY: key }), { mode: 0o600 });
    const { PATH = "", HOME = "" } = process.env;
    const codex = stand.client({
      baseUrl: stand.model.baseUrl,
      config: { features: { plugins: false, apps: false } },
      env: { PATH, HOME, CODEX_HOME: stand.home },
    });
    await codex.startThread(stand.thread).run("hello");
    expect(stand.model.requests.map((request) => request.key)).toEqual(["first"]);
  });

  it("[A1.16] an error never contains the key", async () => {
    await using stand = await openRealCodex(transport, [], { acceptKeys: {} });
    const { PATH = "", HOME = "" } = process.env;
    const codex = stand.client({
      apiKey: key,
      baseUrl: stand.model.baseUrl,
      config: { features: { plugins: false, apps: false } },
      env: { PATH, HOME, CODEX_HOME: stand.home },
    });
    const error: unknown = await codex
      .startThread({
        ...stand.thread,
        config: { model_providers: { codexkit: { request_max_retries: 0, stream_max_retries: 0 } } },
      })
      .run("hello", { timeoutMs: 20_000 })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify(error) + String(error) + (error instanceof Error ? String(error.stack) : "")).not.toContain(
      key,
    );
  });
});
