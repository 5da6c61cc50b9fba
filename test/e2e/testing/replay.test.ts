import { join } from "node:path";
import { Codex as OfficialCodex } from "@openai/codex-sdk";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Codex, type ThreadEvent, type TurnResult } from "../../../src/index.js";
import {
  createRecorder,
  createReplay,
  createScriptedModel,
  fail,
  message,
  respond,
  ScriptError,
  shell,
  stall,
  usage,
  when,
  type Recording,
  type ScriptEntry,
} from "../../../src/testing/index.js";
import { createScratchFolder } from "../../unit/process/scratch-folder.js";
import { openRealCodex, transports } from "../real-codex.js";
import { recordPlay, type PlayInput } from "./replay-stand.js";

interface Story {
  readonly steps: () => readonly ScriptEntry[];
  readonly play: (input: PlayInput) => Promise<unknown>;
  readonly on?: (typeof transports)[number];
}

/** Each is a small program: recorded once on the real binary, then played on the recording. */
const stories: Readonly<Record<string, Story>> = {
  "a text turn": {
    steps: () => [respond(message("Hello world", { deltas: 3 }), usage({ input: 9, cached: 2, output: 3 }))],
    play: async ({ codex, thread }) => watch(codex, thread, "Say hello"),
  },
  "a command": {
    steps: () => [respond(shell("echo hi; exit 3")), respond(message("It failed."), usage({ input: 5, output: 1 }))],
    play: async ({ codex, thread }) => outcomeOf(codex.startThread(thread).run("Run it")),
  },
  "a turn that is interrupted": {
    steps: () => [when("Go on", respond(message("Again."))), respond(message("One", { deltas: ["O", stall(), "ne"] }))],
    play: async ({ codex, thread: options }) => {
      const thread = codex.startThread(options);
      const turn = thread.runStreamed("Count");
      for await (const event of turn) if (event.type === "turn.started") await turn.interrupt();
      return [statusOf(await turn.result()), await outcomeOf(thread.run("Go on"))];
    },
  },
  "a failing turn": {
    steps: () => [fail(400, { error: { message: "bad" } })],
    play: async ({ codex, thread }) => outcomeOf(codex.startThread(thread).run("Fail")),
  },
  "structured output": {
    steps: () => [respond(message('{"ok":true}'))],
    play: async ({ codex, thread }) => {
      const result = await codex.startThread(thread).run("Is it ok?", { outputSchema: z.object({ ok: z.boolean() }) });
      return [outcome(result), result.output];
    },
  },
  "two turns of a thread, and a resumed one": {
    steps: () => [
      respond(message("One."), usage({ input: 10, output: 1 })),
      respond(message("Two."), usage({ input: 20, output: 2 })),
      respond(message("Three."), usage({ input: 30, output: 3 })),
    ],
    play: async ({ codex, thread: options }) => {
      const thread = codex.startThread(options);
      const [one, two] = [await thread.run("One?"), await thread.run("Two?")];
      const resumed = codex.resumeThread(thread.toJSON(), options);
      return [one, two, await resumed.run("Three?")].map(outcome);
    },
  },
  "two threads at once": {
    steps: () => [
      when("left", respond(shell("echo left")), respond(message("Left."))),
      when("right", respond(shell("echo right")), respond(message("Right."))),
    ],
    play: async ({ codex, thread }) =>
      Promise.all(["left", "right"].map((side) => outcomeOf(codex.startThread(thread).run(side)))),
  },
  "a refused approval": {
    on: "app-server",
    steps: () => [respond(shell("touch made", { escalate: true })), respond(message("Refused."))],
    play: async ({ codex, thread }) =>
      outcomeOf(codex.startThread({ ...thread, approvalPolicy: "on-request" }).run("Make it")),
  },
};

for (const transport of transports) {
  describe(`a recording of the real codex, replayed without a model, on ${transport}`, () => {
    for (const [name, { steps, play, on = transport }] of Object.entries(stories)) {
      test.runIf(on === transport)(`${name}: returns the same result again [A0.3]`, async () => {
        const { recording, outcome, thread } = await recordPlay({ transport, steps: steps(), play });
        expect(await replayOnce(recording, (codex) => play({ codex, thread }))).toEqual(outcome);
      });
    }

    test("run and streamed return the same result, twenty times in a row [A0.3]", async () => {
      const { recording, outcome } = await recordPlay({
        transport,
        steps: [respond(shell("echo hi")), respond(message("It says hi.", { deltas: 4 }))],
        play: async ({ codex, thread }) => outcomeOf(codex.startThread(thread).run("Run echo hi")),
      });
      for (let round = 0; round < 10; round += 1) {
        const options = { workingDirectory: createScratchFolder(), skipGitRepoCheck: true } as const;
        const run = await replayOnce(recording, (codex) => outcomeOf(codex.startThread(options).run("Run echo hi")));
        const streamed = await replayOnce(recording, (codex) => watch(codex, options, "Run echo hi"));
        expect(run).toEqual(outcome);
        expect(streamed.outcome).toEqual(outcome);
      }
    });

    test("another prompt fails with the difference [A0.3]", async () => {
      const { recording, thread } = await recordPlay(hello(transport));
      await using replay = await createReplay(recording, { strict: false });
      await using codex = new Codex(replay.codexOptions());
      await expect(codex.startThread(thread).run("Say goodbye")).rejects.toThrow(
        /recorded "Say hello", got "Say goodbye"/,
      );
      const refused: unknown = await replay.assertDone().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ScriptError);
      if (!(refused instanceof ScriptError)) return;
      expect(refused.unexpected).toHaveLength(1);
      expect(refused.unused).toEqual([expect.stringContaining('"Say hello"')]);
    });

    test("the value at a path of `ignore` may differ [A0.3]", async () => {
      const { recording, outcome, thread } = await recordPlay(hello(transport));
      const ignore = ["turn/start.input.*.text", "exec.prompt"];
      const play = (codex: Codex) => outcomeOf(codex.startThread(thread).run("Say goodbye"));
      expect(await replayOnce(recording, play, { ignore })).toEqual(outcome);
    });

    test("an unused turn fails the test [A0.3]", async () => {
      const steps = [respond(message("One.")), respond(message("Two."))];
      const { recording, thread } = await recordPlay({
        transport,
        steps,
        play: async ({ codex, thread: options }) => {
          const talk = codex.startThread(options);
          await talk.run("One?");
          await talk.run("Two?");
        },
      });
      const replay = await createReplay(recording);
      const codex = new Codex(replay.codexOptions());
      await codex.startThread(thread).run("One?");
      await codex.close();
      await expect(replay.close()).rejects.toMatchObject({ unused: [expect.stringContaining('"Two?"')] });
    });

    test("threads with an equal start may be used in another order [A0.3]", async () => {
      const sides = ["left", "right", "top"];
      const steps = sides.map((side) => when(side, respond(message(`The ${side}.`))));
      const play =
        (order: readonly string[]) =>
        async ({ codex, thread }: PlayInput) => {
          const threads = order.map(() => codex.startThread(thread));
          if (transport === "app-server") for (const one of threads) await one.start();
          return Promise.all(order.map(async (side, at) => (await threads[at]?.run(side))?.finalResponse));
        };
      const { recording, thread } = await recordPlay({ transport, steps, play: play(sides) });
      const turned = await replayOnce(recording, (codex) => play([...sides].reverse())({ codex, thread }));
      expect(turned).toEqual(["The top.", "The right.", "The left."]);
    });
  });
}

describe("a recording made by the shim under the official TypeScript SDK", () => {
  test("is replayed by codexkit with the same final response, items and usage [A0.3]", async () => {
    await using stand = await openRealCodex("exec", []);
    const [folder, codexHome] = [stand.workTree, stand.home];
    await using model = await createScriptedModel([
      respond(shell("echo hi; exit 3")),
      respond(message("It failed."), usage({ input: 50, cached: 10, output: 5, reasoning: 1 })),
      respond(message('{"ok":true}'), usage({ input: 60, output: 6 })),
    ]);
    using recorder = createRecorder({ file: join(folder, "official.jsonl"), directory: join(folder, "bin") });
    const { env, config } = model.codexOptions({ codexHome });
    const official = new OfficialCodex({
      codexPathOverride: recorder.codexPathOverride,
      env,
      // Both are JSON; the types of the official SDK have no readonly.
      config: JSON.parse(JSON.stringify(config)) as NonNullable<
        ConstructorParameters<typeof OfficialCodex>[0]
      >["config"] & {},
    });
    const options = { workingDirectory: folder, skipGitRepoCheck: true, sandboxMode: "read-only" } as const;
    const outputSchema = {
      type: "object",
      properties: { ok: { type: "boolean" } },
      required: ["ok"],
      additionalProperties: false,
    } as const;
    const theirThread = official.startThread(options);
    const theirs = [await theirThread.run("Run it"), await theirThread.run("Is it ok?", { outputSchema })] as const;

    await using replay = await createReplay(recorder.file);
    expect(replay.codexOptions().transport).toBe("exec");
    await using codex = new Codex(replay.codexOptions());
    const thread = codex.startThread(options);
    const ours = [await thread.run("Run it"), await thread.run("Is it ok?", { outputSchema })] as const;

    ours.forEach((result, at) => {
      expect(result.finalResponse).toBe(theirs[at]?.finalResponse);
      expect(result.items.map(({ type }) => type)).toEqual(theirs[at]?.items.map(({ type }) => camelCase(type)));
      expect(result.items.map(({ id }) => id)).toEqual(theirs[at]?.items.map(({ id }) => id));
    });
    // The official SDK returns codex's sum over all turns of a thread; codexkit returns the turn's usage and that sum.
    expect(ours.map(({ usage: tokens }) => tokens.thread?.inputTokens)).toEqual(
      theirs.map(({ usage: u }) => u?.input_tokens),
    );
    expect(ours.map(({ usage: tokens }) => tokens.thread?.outputTokens)).toEqual(
      theirs.map(({ usage: u }) => u?.output_tokens),
    );
    expect(ours.map(({ usage: tokens }) => tokens.turn?.inputTokens)).toEqual([50, 60]);
    await replay.assertDone();
  });
});

function hello(transport: "app-server" | "exec") {
  return {
    transport,
    steps: [respond(message("Hello."))],
    play: ({ codex, thread }: PlayInput) => outcomeOf(codex.startThread(thread).run("Say hello")),
  };
}

async function replayOnce<Outcome>(
  recording: Recording,
  play: (codex: Codex) => Promise<Outcome>,
  options: { readonly ignore?: readonly string[] } = {},
): Promise<Outcome> {
  await using replay = await createReplay(recording, options);
  await using codex = new Codex(replay.codexOptions());
  const result = await play(codex);
  await codex.close();
  await replay.assertDone();
  return result;
}

async function watch(codex: Codex, options: PlayInput["thread"], prompt: string) {
  const turn = codex.startThread(options).runStreamed(prompt);
  const events: ThreadEvent[] = [];
  for await (const event of turn) events.push(event);
  return { events, outcome: outcome(await turn.result()) };
}

async function outcomeOf(running: Promise<TurnResult>) {
  try {
    return outcome(await running);
  } catch (error) {
    return error instanceof Error ? { name: error.name, message: error.message } : error;
  }
}

function outcome({ status, finalResponse, items, usage: tokens }: TurnResult) {
  return { status, finalResponse, items, usage: tokens };
}

function statusOf({ status }: TurnResult) {
  return status;
}

function camelCase(type: string): string {
  return type.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
