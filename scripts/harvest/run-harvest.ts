import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { resolveCodex } from "../../src/index.js";
import { parseRecording } from "../../src/testing/index.js";
import type { HarvestHost } from "./harvest-host.js";
import { describeError } from "../../src/cli/describe-error.js";
import { type ExitCode, exitCodes } from "../../src/cli/exit-codes.js";
import { createScratchFolder } from "../../src/cli/scratch-folder.js";
import { toCanonical } from "./canonical.js";
import {
  checkStore,
  firstDifference,
  type FixtureStore,
  openFixtures,
  readOrNull,
  storeFixtures,
} from "./fixture-store.js";
import { type Job, nameOf, selectJobs } from "./harvest-job.js";
import type { HarvestOptions } from "./harvest-options.js";
import { keptVersions } from "./kept-versions.js";
import { createHarvestReporter, type HarvestLine, type HarvestReporter } from "./harvest-reporter.js";
import { describeFixture, fixtureFile, type Harvested } from "./manifest.js";
import { recordScenario } from "./record-scenario.js";

/** Records the selected scenarios with the real codex, and stores them or compares them with the stored ones. */
export async function runHarvest(options: HarvestOptions, host: HarvestHost): Promise<ExitCode> {
  const jobs = selectJobs(options);
  const reporter = createHarvestReporter(options, host);
  const folder = await createScratchFolder("codexkit-harvest-", host);
  try {
    const run: HarvestRun = { options, host, jobs, folder: folder.path, reporter };
    await (options.check ? checkAll(run) : harvestAll(run));
  } finally {
    await folder.remove();
  }
  return reporter.end() ? exitCodes.ok : exitCodes.failed;
}

interface HarvestRun {
  readonly options: HarvestOptions;
  readonly host: HarvestHost;
  readonly jobs: readonly Job[];
  readonly folder: string;
  readonly reporter: HarvestReporter;
}

async function harvestAll(run: HarvestRun): Promise<void> {
  const { options, reporter } = run;
  const harvested: Harvested[] = [];
  const good = await eachJob(run, 1, (today) => {
    harvested.push(today);
    return { status: "harvested" };
  });
  const version = harvested[0]?.recording.codexVersion;
  if (version === undefined || version === null) return;
  // The fixture of a scenario that broke stays as it is.
  const whole = good && options.scenario === undefined && options.transport === undefined;
  await storeFixtures(await openFixtures(folderOf(run, version)), { harvested, version, whole });
  reporter.line({ fixture: `${version}/manifest.json`, round: 1, status: "harvested", ms: 0 });
}

async function checkAll(run: HarvestRun): Promise<void> {
  const { options, reporter } = run;
  let store: FixtureStore | undefined;
  for (let round = 1; round <= options.times; round += 1) {
    await eachJob(run, round, async (today) => {
      store ??= await openBaseline(run, today.recording.codexVersion ?? "unknown");
      return compare(store, today);
    });
  }
  if (store === undefined || store.manifest === null) return;
  for (const detail of await checkStore(store)) {
    reporter.line({ fixture: "manifest.json", round: options.times, status: "broken", ms: 0, detail });
  }
}

/** Opens the fixtures of a version; if there are none, those of the newest version that has some. */
async function openBaseline(run: HarvestRun, version: string): Promise<FixtureStore> {
  const { options, host } = run;
  const own = await openFixtures(folderOf(run, version));
  const newest = (await keptVersions(resolve(host.cwd, options.dir))).at(-1);
  if (own.manifest !== null || newest === undefined) return own;
  host.err(`There are no fixtures of codex ${version}: comparing with ${newest}.\n`);
  return openFixtures(folderOf(run, newest));
}

type Verdict = Pick<HarvestLine, "status" | "detail">;

/** Records every job and reports its result. Returns false if one could not be recorded. */
async function eachJob(
  run: HarvestRun,
  round: number,
  judge: (today: Harvested) => Promise<Verdict> | Verdict,
): Promise<boolean> {
  const { options, host, jobs, reporter } = run;
  let good = true;
  await inParallel(jobs, options.jobs, async (job) => {
    const began = performance.now();
    const verdict = await record(run, job, round)
      .then(judge)
      .catch((error: unknown): Verdict => {
        host.signal.throwIfAborted();
        good = false;
        return { status: "broken", detail: describeError(error, { debug: false }).trimEnd() };
      });
    reporter.line({ fixture: nameOf(job), round, ...verdict, ms: Math.round(performance.now() - began) });
  });
  return good;
}

async function compare(store: FixtureStore, today: Harvested): Promise<Verdict> {
  const { scenario, transport, canonical, recording } = today;
  const entry = store.manifest?.fixtures.find(
    (fixture) => fixture.scenario === scenario.name && fixture.transport === transport,
  );
  const stored = await readOrNull(join(store.folder, fixtureFile({ name: scenario.name, transport }, "canonical")));
  if (entry === undefined || stored === null) return { status: "new", detail: `not in ${store.folder}` };
  if (entry.model.sha256 !== describeFixture(today).model.sha256)
    return { status: "differs", detail: "the scenario's model says something else than the manifest" };
  const baseline = store.manifest?.codexVersion ?? "";
  const version = recording.codexVersion ?? "";
  const difference = firstDifference(stored.replaceAll(`"${baseline}"`, `"${version}"`), canonical);
  return difference === null ? { status: "same" } : { status: "differs", detail: difference };
}

async function record(
  { options, host, folder }: HarvestRun,
  { scenario, transport }: Job,
  round: number,
): Promise<Harvested> {
  host.signal.throwIfAborted();
  const own = join(folder, `${round}-${transport}-${scenario.name}`);
  await mkdir(own, { recursive: true });
  const codexPath = options.codexPath ?? resolveCodex({ env: { ...host.env } }).path;
  const raw = await recordScenario(scenario, { transport, folder: own, codexPath, host });
  await rm(own, { recursive: true, force: true });
  const recording = parseRecording(raw);
  return { scenario, transport, recording, raw, canonical: toCanonical(recording) };
}

function folderOf({ options, host }: HarvestRun, version: string): string {
  return join(resolve(host.cwd, options.dir), version);
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
