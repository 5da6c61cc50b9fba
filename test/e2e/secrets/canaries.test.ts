import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { z } from "zod";
import { CodexError, tool, type Turn } from "../../../src/index.js";
import { createRecorder, fail, functionCall, gate, message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";
import { type Canaries, commandLines, createCanaries, filesBelow, plantedClient, plantedThread } from "./canaries.js";

const channels = ["client", "process", "turn", "item", "tool", "approval"].map((name) => `codexkit:${name}`);

const deep = (value: unknown): string => inspect(value, { depth: 30, showHidden: true, getters: true });

it.each(transports)(
  "[K] forty secrets in every option are on no command line, in no state, error, message, recording and file, %s",
  async (transport) => {
    const canaries = createCanaries();
    const { of, look } = canaries;
    const held = gate();
    const quoted = `refused ${of("apiKey")}, header X-Any: ${of("mcp header")}, cookie ${of("cookie")}`;
    const steps = [
      respond(held, shell("echo done")),
      respond(message("ok")),
      fail(400, { error: { message: quoted } }),
    ];
    await using stand = await openRealCodex(transport, steps, { acceptKeys: { planted: of("apiKey") } });
    using recorder = createRecorder({ file: join(stand.workTree, "recording.jsonl") });
    const { PATH = "", HOME = "" } = process.env;
    const { config, ...client } = plantedClient(of, stand.model.baseUrl);
    const env = { PATH, HOME, CODEX_HOME: stand.home, MY_PASSWORD: of("variable") };
    const features = { plugins: false, apps: false };
    const codex = stand.client({
      ...client,
      env,
      config: { ...config, features },
      codexPathOverride: recorder.codexPathOverride,
    });
    using _ = watchChannels(canaries);
    const thread = codex.startThread({ ...stand.thread, ...plantedThread(of) });

    const turn = thread.runStreamed("Work", { context: { password: of("turn context") } });
    const first = readAll(turn, canaries);
    await held.reached;
    look("the command line", commandLines());
    lookAtFiles(canaries, stand.home, "CODEX_HOME during the turn");
    held.open();
    expect((await first).finalResponse).toBe("ok");
    lookAtFiles(canaries, stand.home, "CODEX_HOME after the turn");
    const error = await thread.run("Fail").then(
      () => new Error("The turn did not fail."),
      (reason: unknown) => reason,
    );
    look("the command line", commandLines());

    if (!CodexError.isInstance(error)) throw error;
    expect(error.message).toContain("[redacted]");
    look("the error", [error.message, error.stack, JSON.stringify(error), deep(error), deep(error.cause)].join("\n"));
    for (const [name, value] of Object.entries({ codex, thread, turn })) look(`inspect(${name})`, deep(value));
    look("the state", JSON.stringify(thread));
    await codex.close();
    // Codex stores the service's error with the thread as it arrived. No setting changes that; docs/security.md lists it.
    lookAtFiles(canaries, stand.home, "CODEX_HOME", /\/(?:sessions|thread_history_1)\b/);
    look("the recording", recorder.text());

    expect(canaries.names().length).toBeGreaterThanOrEqual(40);
    expect(canaries.found()).toEqual([]);
    expect(stand.model.requests.map(({ key }) => key)).toEqual(["planted", "planted", "planted"]);
  },
);

it.each(transports)("[K] the secrets that leave a command line still reach codex, %s", async (transport) => {
  const { of } = createCanaries();
  const print = shell('echo "$ORDINARY $ORDINARY_2 $ORDINARY_3"', { callId: "print" });
  const steps = [respond(print), respond(message("ok")), respond(print), respond(message("ok"))];
  await using stand = await openRealCodex(transport, steps, { acceptKeys: { planted: of("apiKey") } });
  const { PATH = "", HOME = "" } = process.env;
  const { config, ...client } = plantedClient(of, stand.model.baseUrl);
  const codex = stand.client({
    ...client,
    env: { PATH, HOME, CODEX_HOME: stand.home },
    config: { ...config, features: { plugins: false, apps: false } },
  });
  const thread = codex.startThread({ ...stand.thread, ...plantedThread(of) });
  await thread.run("Print");
  await thread.run("Print again");
  const expected = [of("override variable"), of("set variable"), of("thread set variable")].join(" ");
  expect(stand.model.requests[1]?.output("print")).toContain(expected);
  expect(stand.model.requests[3]?.output("print")).toContain(expected);
});

it("[K] arguments of a tool and its results are content: they are in events, history and the model's requests", async () => {
  const { of } = createCanaries();
  const steps = [respond(functionCall("lookup", { password: of("argument") })), respond(message("ok"))];
  await using stand = await openRealCodex("app-server", steps);
  const lookup = tool({
    name: "lookup",
    description: "Looks up",
    parameters: z.object({ password: z.string() }),
    execute: () => of("result"),
  });
  const { items } = await stand.codex.startThread({ ...stand.thread, tools: [lookup] }).run("Look it up");
  expect(JSON.stringify(items)).toContain(of("argument"));
  expect(JSON.stringify(items)).toContain(of("result"));
});

async function readAll<Output>(turn: Turn<Output>, { look }: Canaries) {
  for await (const event of turn) look(`the event ${event.type}`, JSON.stringify(event));
  return turn.result();
}

function lookAtFiles({ look }: Canaries, folder: string, place: string, except?: RegExp): void {
  for (const [path, content] of filesBelow(folder)) {
    if (except?.test(path) !== true) look(`${place}, ${path.slice(folder.length)}`, content);
  }
}

/** Looks at every message of the diagnostics channels, at warnings of the process and at the console's streams. */
function watchChannels({ look }: Canaries): Disposable {
  const onMessage = (value: unknown, name: string | symbol): void => look(`the channel ${String(name)}`, deep(value));
  const onWarning = (warning: Error): void => look("a warning of the process", deep(warning));
  for (const channel of channels) subscribe(channel, onMessage);
  process.on("warning", onWarning);
  return {
    [Symbol.dispose]() {
      for (const channel of channels) unsubscribe(channel, onMessage);
      process.off("warning", onWarning);
    },
  };
}
