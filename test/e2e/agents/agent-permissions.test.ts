import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { SandboxMode, Thread, ThreadEvent, TurnOptions } from "../../../src/index.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";
import { createRoot } from "./agent-root.js";
import { agentKinds, type AgentNamespace, agentScript, tokens } from "./agent-script.js";

interface Played {
  /** Whether the command of the sub-agent wrote a file in its second task. */
  readonly wrote: boolean;
  readonly events: readonly ThreadEvent[];
}

type Kind = readonly [namespace: AgentNamespace, model: string];

/** A turn in the sandbox `before` starts a sub-agent. A later turn sends it another task. */
async function play(
  [namespace, model]: Kind,
  before: SandboxMode,
  later: (thread: Thread) => Later | Promise<Later>,
): Promise<Played> {
  const ended = createDeferred<undefined>();
  const agent = async (step: number) => {
    // No model answers at once.
    if (step === 1) await delay(500);
    return step === 1 ? respond(shell("touch made"), tokens) : respond(message("Seen."), tokens);
  };
  await using stand = await openRealCodex(
    "app-server",
    agentScript({ namespace, root: createRoot(namespace, ended.promise), agent }),
  );
  const started = stand.codex.startThread({ ...stand.thread, model, sandboxMode: before });
  await started.run("Delegate");
  const { options = {}, resumes = false } = await later(started);
  if (resumes) await stand.codex.close();
  const thread = resumes ? stand.client().resumeThread(started.toJSON(), { ...stand.thread, model }) : started;
  const events: ThreadEvent[] = [];
  for await (const event of thread.runStreamed("Again", options)) {
    events.push(event);
    if (event.type === "codexkit.agent.completed") ended.resolve(undefined);
  }
  return { wrote: existsSync(join(stand.workTree, "made")), events };
}

interface Later {
  readonly options?: TurnOptions;
  readonly resumes?: boolean;
}

const warnings = (events: readonly ThreadEvent[]) =>
  events.flatMap((event) => (event.type === "codexkit.warning" ? [event.code] : []));
const ends = (events: readonly ThreadEvent[]) =>
  events.flatMap((event) => (event.type === "codexkit.agent.completed" ? [event.status] : []));

describe.concurrent.each(agentKinds)("a sub-agent of an earlier turn (%s)", (...kind) => {
  const narrower: Readonly<Record<string, (thread: Thread) => Later | Promise<Later>>> = {
    "an override": () => ({ options: { sandboxMode: "read-only" } }),
    "thread.update()": async (thread) => {
      await thread.update({ sandboxMode: "read-only" });
      return {};
    },
  };
  it.each(Object.entries(narrower))(
    "[S3] does not run commands in a wider sandbox than its turn: %s",
    async (_, later) => {
      const { wrote, events } = await play(kind, "danger-full-access", later);
      expect(wrote).toBe(false);
      expect(events.at(-1)).toMatchObject({ type: "turn.completed", turn: { status: "completed" } });
      expect(ends(events)).toEqual(["interrupted"]);
      expect(warnings(events)).toEqual(["AGENT_EXCEEDS_TURN"]);
    },
  );

  it("[S3] has the sandbox of the turn if its thread was resumed", async () => {
    const options = { sandboxMode: "read-only" } as const;
    const { wrote, events } = await play(kind, "danger-full-access", () => ({ resumes: true, options }));
    expect([wrote, ends(events), warnings(events)]).toEqual([false, ["completed"], []]);
  });

  it("[S3] works in a turn with a wider sandbox, in its own", async () => {
    const { wrote, events } = await play(kind, "read-only", () => ({ options: { sandboxMode: "danger-full-access" } }));
    expect([wrote, ends(events), warnings(events)]).toEqual([false, ["completed"], []]);
  });
});
