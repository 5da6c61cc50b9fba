import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Codex, partialResultOf, type ThreadEvent, type TransportName } from "../../src/index.js";
import { createReplay, createScriptedModel } from "../../src/testing/index.js";
import { scenarios } from "../../scripts/harvest/scenarios/index.js";
import { createStage, type TurnOutcome } from "../../scripts/harvest/stage.js";
import { everyConfig, recordedBaseUrl } from "../../scripts/harvest/record-scenario.js";
import type { Scenario } from "../../scripts/harvest/scenario.js";
import { fixtureFolder, readWireFixtures } from "../unit/protocol/wire-fixtures.js";

const played = scenarios.filter(({ bare }) => bare !== true);
const fixtures = readWireFixtures().flatMap(({ name, wire }) => {
  const scenario = played.find((candidate) => name.endsWith(`/${candidate.name}`));
  return scenario === undefined ? [] : [{ name, transport: wire, scenario }];
});

/** Codex requires a repository here, even though no command runs. */
const workTree = mkdtempSync(join(tmpdir(), "codexkit-fixtures-"));
mkdirSync(join(workTree, ".git"));
afterAll(() => {
  rmSync(workTree, { recursive: true, force: true });
});

describe("every recording of the real binary, replayed", () => {
  test("there is one recording of each scenario on each of its transports", () => {
    const expected = played.flatMap(({ transports }) => transports ?? (["app-server", "exec"] as const));
    expect(fixtures).toHaveLength(expected.length);
  });

  test.concurrent.for(fixtures)("[A1.3] $name: run() equals the fold of the stream", async (fixture, { expect }) => {
    const watched = await replay(fixture, true);
    const run = await replay(fixture, false);
    expect(watched.length).toBeGreaterThan(0);
    expect(run).toHaveLength(watched.length);
    for (const [index, outcome] of watched.entries()) {
      const folded = foldOf(outcome.events ?? []);
      expect(folded).toEqual(summaryOf(outcome));
      expect(summaryOf(run[index])).toEqual(summaryOf(outcome));
      expect(usageOf(run[index])).toEqual(usageOf(outcome));
    }
  });
});

interface Fixture {
  readonly name: string;
  readonly transport: TransportName;
  readonly scenario: Scenario;
}

async function replay({ name, transport, scenario }: Fixture, watch: boolean): Promise<readonly TurnOutcome[]> {
  // Only its options are used: the replay needs no model.
  await using model = await createScriptedModel([]);
  await using recorded = await createReplay(`${fixtureFolder}${name}.recording.jsonl`, {
    replace: { [model.baseUrl]: recordedBaseUrl },
  });
  const { config, env } = model.codexOptions({ config: { ...everyConfig, ...scenario.config } });
  await using stage = createStage({
    transport,
    workTree,
    open: () => new Codex({ ...recorded.codexOptions(), config, env, transport }),
    kill: () => undefined,
    notified: () => Promise.resolve(),
    watch,
  });
  await scenario.play(stage);
  await stage[Symbol.asyncDispose]();
  await recorded.assertDone();
  return stage.outcomes;
}

interface Summary {
  readonly status: string;
  readonly threadId: string | null;
  readonly turnId: string | null;
  readonly finalResponse: string | null;
  readonly items: readonly unknown[];
}

/** Returns the summary of the events, computed without the code under test. */
function foldOf(events: readonly ThreadEvent[]): Summary {
  const items = events.flatMap((event) => (event.type === "item.completed" ? [event.item] : []));
  const messages = items.flatMap((item) => (item.type === "agentMessage" ? [item] : []));
  const final = messages.filter(({ phase }) => phase === "final_answer").at(-1);
  const unphased = messages.filter(({ phase }) => phase === null || phase === undefined).at(-1);
  const end = events.find((event) => event.type === "turn.completed");
  const started = events.find((event) => event.type === "turn.started");
  return {
    status: end?.turn.status ?? "inProgress",
    threadId: started?.threadId ?? null,
    turnId: started?.turnId ?? null,
    finalResponse: (final ?? unphased)?.text ?? null,
    items,
  };
}

function summaryOf(outcome: TurnOutcome | undefined): Summary {
  const result = outcome?.result ?? partialResultOf(outcome?.error);
  if (result === null) throw new Error("the turn has no result", { cause: outcome?.error });
  const { status, threadId, turnId, finalResponse, items } = result;
  return { status, threadId, turnId, finalResponse, items };
}

function usageOf(outcome: TurnOutcome | undefined): unknown {
  return (outcome?.result ?? partialResultOf(outcome?.error))?.usage;
}
