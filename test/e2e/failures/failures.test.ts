import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import {
  type CodexOptions,
  type ThreadEvent,
  type Turn,
  TurnFailedError,
  TurnTimeoutError,
} from "../../../src/index.js";
import { cut, fail, message, respond, shell, usage } from "../../../src/testing/index.js";
import { failures, halfAnswer } from "./model-failures.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const before = respond(message("before"), shell("echo kept"), tokens);
const after = respond(message("after"), tokens);

describe.each(transports)("a model that fails, %s", (transport) => {
  it.each(failures)(
    "[A1.9] $of: one typed error with the partial result, and the thread stays usable",
    async ({ step, expected, info, retryable, config = {} }) => {
      await using stand = await openRealCodex(transport, [before, step, after, after]);
      const codex = stand.client({ config: withProvider(stand, config) });
      const thread = codex.startThread(stand.thread);
      const turn = thread.runStreamed("Work");
      const events = await eventsOf(turn);
      const error = await failureOf(turn);
      expect(error).toMatchObject({
        code: "TURN_FAILED",
        threadId: thread.id,
        message: expect.stringMatching(expected) as string,
      });
      expect(error.codexErrorInfo).toEqual(transport === "exec" ? undefined : info);
      expect(error.retryable).toBe(transport === "exec" ? undefined : retryable);
      expectKept(error, transport);
      expect(events.at(-1)).toMatchObject({ type: "turn.completed", turn: { status: "failed" } });
      expect((await thread.run("Go on")).finalResponse).toBe("after");
    },
  );

  it("[A1.9] a missing key: codex's message, and no model request", async () => {
    await using stand = await openRealCodex(transport, []);
    const codex = stand.client({ config: withProvider(stand, { env_key: "NOT_THERE" }) });
    const error = await failureOf(codex.startThread(stand.thread).runStreamed("Work"));
    expect(error.message).toBe("Missing environment variable: `NOT_THERE`.");
    expect(stand.model.requests).toEqual([]);
  });

  it("[A4.4] a service that repeats the key: errors and events do not contain it, only `raw` is unchanged", async () => {
    const keys = ["correct-horse-battery", "sk-proj-abcdefgh12345678XYZ"] as const;
    const step = fail(400, { error: { message: `Incorrect API key provided: ${keys.join(" or ")}` } });
    await using stand = await openRealCodex(transport, [step]);
    const turn = stand.client({ apiKey: keys[0], keepRaw: true }).startThread(stand.thread).runStreamed("Work");
    const events = await eventsOf(turn);
    const error = await failureOf(turn);
    expect(error.message).toContain("Incorrect API key provided: [redacted] or [redacted]");
    const texts = [JSON.stringify(error), String(error.stack), JSON.stringify([error.result, events])].join("\n");
    for (const key of keys) {
      expect(texts).not.toContain(key);
      expect(events.at(-1)?.raw).toContain(key);
    }
  });

  it("[A1.9] [R3] an endpoint that refuses connections: codex retries without end, and the error of `timeoutMs` has the cause", async () => {
    await using stand = await openRealCodex(transport, []);
    const config = withProvider(stand, { base_url: `http://127.0.0.1:${String(await closedPort())}/v1` });
    const unbounded = { ...config, features: { plugins: false, apps: false } };
    const thread = stand.client({ config: unbounded }).startThread(stand.thread);
    const turn = thread.runStreamed("Work", { timeoutMs: 2_000 });
    const errors: ThreadEvent[] = [];
    const reading = (async () => {
      for await (const event of turn) if (event.type === "error") errors.push(event);
    })();
    const error: unknown = await turn.result().catch((caught: unknown) => caught);
    await expect(reading).rejects.toMatchObject({ code: "TURN_TIMEOUT" });
    expect(error).toBeInstanceOf(TurnTimeoutError);
    expect(error).toMatchObject({
      code: "TURN_TIMEOUT",
      limit: "timeoutMs",
      retryable: undefined,
      threadId: thread.id,
      message: expect.stringContaining("Reconnecting... waiting for network (Connection failed: ") as string,
      result: { threadId: thread.id, items: transport === "exec" ? [] : [{ type: "userMessage" }] },
    });
    const cause = expect.stringMatching(/^Connection failed: /) as string;
    expect(errors).toMatchObject([{ type: "error", error: { additionalDetails: cause }, willRetry: true }]);
  });

  it("[A1.9] an endpoint that refuses connections, and a codex that stops retrying: the turn rejects", async () => {
    await using stand = await openRealCodex(transport, []);
    const config = withProvider(stand, { base_url: `http://127.0.0.1:${String(await closedPort())}/v1` });
    const error = await failureOf(stand.client({ config }).startThread(stand.thread).runStreamed("Work"));
    expect(error.message).toMatch(/^Connection failed: /);
    expect([error.codexErrorInfo, error.retryable]).toEqual(
      transport === "exec" ? [undefined, undefined] : [{ httpConnectionFailed: { httpStatusCode: null } }, true],
    );
  });

  it("[A1.9] an endpoint that accepts and never answers: `timeoutMs` ends the turn, and the thread continues in another client", async () => {
    await using stand = await openRealCodex(transport, [after]);
    await using mute = await muteServer();
    const config = withProvider(stand, { base_url: `http://127.0.0.1:${String(mute.port)}/v1` });
    const codex = stand.client({ config });
    const thread = codex.startThread(stand.thread);
    const error: unknown = await thread.run("Work", { timeoutMs: 1_500 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "TURN_TIMEOUT", limit: "timeoutMs", threadId: thread.id });
    await codex.close();
    expect((await stand.codex.resumeThread(thread.id ?? "", stand.thread).run("Go on")).finalResponse).toBe("after");
  });

  it("[A1.12] a broken stream that codex requests again: all items of the first attempt end, and the turn completes", async () => {
    await using stand = await openRealCodex(transport, [before, cut(halfAnswer), cut(halfAnswer), after]);
    const codex = stand.client({ config: withProvider(stand, { stream_max_retries: 2 }) });
    const turn = codex.startThread(stand.thread).runStreamed("Work", { idleTimeoutMs: 30_000 });
    const errors = (await eventsOf(turn)).filter(({ type }) => type === "error");
    expect(errors).toHaveLength(2);
    expect(errors).toMatchObject([{ willRetry: true }, { willRetry: true }]);
    const result = await turn.result();
    expect(result).toMatchObject({ status: "completed", finalResponse: "after", unfinishedItems: [] });
    expect(result.usage.turn).toMatchObject({ inputTokens: 84, outputTokens: 10 });
  });
});

async function eventsOf(turn: Turn<unknown>): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of turn) events.push(event);
  return events;
}

async function failureOf(turn: Turn<unknown>): Promise<TurnFailedError> {
  const error: unknown = await turn.result().catch((caught: unknown) => caught);
  if (error instanceof TurnFailedError) return error;
  throw new Error("the turn did not fail", { cause: error });
}

/** The work before the failure: a message, a command, and on the app-server the tokens of the first request. */
function expectKept({ result }: TurnFailedError, transport: string): void {
  expect(result.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: "agentMessage", text: "before" }),
      expect.objectContaining({ type: "commandExecution", aggregatedOutput: "kept\n", status: "completed" }),
    ]),
  );
  if (transport === "exec") expect(result.usage).toEqual({});
  else expect(result.usage).toMatchObject({ turn: { inputTokens: 42, cachedInputTokens: 12, outputTokens: 5 } });
}

function withProvider(stand: RealCodex, changes: object): NonNullable<CodexOptions["config"]> {
  const { config } = stand.model.codexOptions({ codexHome: stand.home });
  const scripted = new Map(Object.entries(config["model_providers"] ?? {})).get("scripted") as object;
  return { ...config, model_providers: { scripted: { ...scripted, ...changes } } };
}

/** Returns a port of this machine without a listener. */
async function closedPort(): Promise<number> {
  await using server = await muteServer();
  return server.port;
}

async function muteServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
