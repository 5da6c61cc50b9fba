import { describe, expect, it } from "vitest";
import { autoRunResultOf, type RetryPolicy, type ThreadEvent } from "../../../src/index.js";
import {
  cut,
  fail,
  failResponse,
  message,
  respond,
  type ScriptEntry,
  type ScriptedCodexOptions,
} from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";

const key = "correct-horse-battery";
/** A request is sent twice, and a stream is opened twice. */
const retriesOfCodex = { request_max_retries: 1, stream_max_retries: 1 };
const retry = { attempts: 3, initialDelayMs: 1, maxDelayMs: 2 };
const refusal = (status: number, code: string, options = {}): ScriptEntry =>
  fail(status, { error: { code, message: `provider reports ${code} for ${key}` } }, options);

interface Failure {
  readonly of: string;
  readonly step: ScriptEntry;
  readonly requests: number;
  /** The requests that codex reports as retries. */
  readonly reported: number;
  readonly more?: RetryPolicy;
}

const failures: readonly Failure[] = [
  { of: "500", step: refusal(500, "x"), requests: 4, reported: 1 },
  { of: "503, overloaded", step: refusal(503, "server_is_overloaded"), requests: 2, reported: 0 },
  { of: "429 with Retry-After", step: refusal(429, "x", { retryAfter: 1 }), requests: 2, reported: 1 },
  { of: "a dropped stream", step: cut(message("half", { unfinished: true })), requests: 2, reported: 1 },
  // Codex does not repeat it: the run does, three times in all.
  { of: "429 without Retry-After", step: refusal(429, "x"), requests: 3, reported: 0 },
  {
    of: "a rate limit with `afterCodexRetries`",
    step: failResponse("rate_limit_exceeded", "wait"),
    requests: 4,
    reported: 2,
    more: { afterCodexRetries: true, attempts: 2 },
  },
];

describe.each(transports)("the retries of codex and of a run, %s", { timeout: 60_000 }, (transport) => {
  it("[R3] do not multiply: the number of model requests is that of one owner", async () => {
    await using stand = await openRealCodex(transport, []);
    const codex = stand.client({ config: withProvider(stand, {}) });
    for (const { of, step, requests, reported, more } of failures) {
      stand.model.add(...Array.from({ length: requests }, () => step));
      const before = stand.model.requests.length;
      const run = codex.startThread(stand.thread).runAutoStreamed("Work", { retry: { ...retry, ...more } });
      const retries = (await eventsOf(run)).filter((event) => event.type === "error" && event.willRetry === true);
      await expect(run.result(), of).rejects.toMatchObject({ code: "TURN_FAILED" });
      expect({ of, requests: stand.model.requests.length - before }).toEqual({ of, requests });
      expect({ of, reported: retries.length }).toEqual({ of, reported });
    }
    await stand.model.assertDone();
  });

  it("[R3] a refused connection: codex retries, the run does not, and each notice has the cause", async () => {
    await using stand = await openRealCodex(transport, []);
    const codex = stand.client({ config: withProvider(stand, { base_url: "http://127.0.0.1:9/v1" }) });
    const run = codex.startThread(stand.thread).runAutoStreamed("Work", { retry });
    const notices = (await eventsOf(run)).filter((event) => event.type === "error" && event.willRetry === true);
    const error: unknown = await run.result().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: expect.stringMatching(/^Connection failed: /) as string });
    expect(autoRunResultOf(error)).toMatchObject({ attempts: [{ attempt: 1, delayMs: null }] });
    const cause = { additionalDetails: expect.stringMatching(/^Connection failed: /) as string };
    expect(notices).toMatchObject([{ error: { message: "Reconnecting... 1/1", ...cause } }]);
  });

  it("[R3] [R1] a setting that codex itself stores in the thread is no work: a run with `baseUrl` and the default model retries", async () => {
    await using stand = await openRealCodex(transport, [], { acceptKeys: { first: key } });
    stand.model.add(refusal(429, "x"), refusal(429, "x"), respond(message("after")));
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, CODEX_HOME: stand.home };
    const config = { features: { plugins: false, apps: false } };
    const codex = stand.client({ apiKey: key, baseUrl: stand.model.baseUrl, config, env });
    const { model: _, ...thread } = stand.thread;
    const { finalResponse, attempts } = await codex.startThread(thread).runAuto("Work", { retry });
    expect({ finalResponse, attempts: attempts.length }).toEqual({ finalResponse: "after", attempts: 2 });
  });

  it("[R3] the cause in a notice has no secret", async () => {
    await using stand = await openRealCodex(transport, [refusal(502, "x"), respond(message("after"))]);
    const config = withProvider(stand, { request_max_retries: 0 });
    const run = stand.client({ apiKey: key, config }).startThread(stand.thread).runAutoStreamed("Work");
    const events = await eventsOf(run);
    expect((await run.result()).attempts).toEqual([]);
    const [notice] = events.filter((event) => event.type === "error");
    expect(notice).toMatchObject({
      error: { additionalDetails: expect.stringContaining("provider reports x for [redacted]") as string },
      willRetry: true,
    });
    expect(JSON.stringify(events)).not.toContain(key);
  });
});

async function eventsOf(run: AsyncIterable<ThreadEvent>): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  try {
    for await (const event of run) events.push(event);
  } catch {
    // `result()` rejects with the same error.
  }
  return events;
}

function withProvider(stand: RealCodex, changes: object): ScriptedCodexOptions["config"] {
  const { config } = stand.model.codexOptions({ codexHome: stand.home });
  const scripted = new Map(Object.entries(config["model_providers"] ?? {})).get("scripted") as object;
  return { ...config, model_providers: { scripted: { ...scripted, ...retriesOfCodex, ...changes } } };
}
