import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { type Binary, findBinary } from "../conformance/binary.js";
import { compareVersions, probeRuns } from "../conformance/probe.js";
import { probes } from "../conformance/probes/index.js";
import { parseReport, type Report, toReport } from "../conformance/report.js";
import { runProbes } from "../conformance/run-probes.js";
import { savedRuns } from "../conformance/table.js";
import { openFixtures } from "../harvest/fixture-store.js";
import { harvest } from "../harvest/harvest.js";
import { root } from "../house/read-files.js";
import { scratchFolder } from "../house/scratch-folder.js";
import { keptVersions } from "../harvest/kept-versions.js";
import { compareBehaviours } from "./behaviour-drift.js";
import { type Finding, matters, sections } from "./finding.js";
import { compareProtocols } from "./protocol-drift.js";
import { readProtocolParts } from "./protocol-parts.js";
import { readReleaseFacts } from "./release-facts.js";
import { renderJson, renderMarkdown, renderText } from "./render-drift.js";
import { compareFacts } from "./table-drift.js";
import { readSourceUses, type SourceUses } from "./used-by.js";
import { compareWires, type Fixtures } from "./wire-drift.js";
import { runCommand } from "../run-command.js";

interface Options {
  readonly from?: string;
  readonly to: string;
  readonly only?: Finding["section"];
  readonly json: boolean;
  readonly markdown: boolean;
}

export interface DriftOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Compares two versions of codex. Returns 0, 1 if something that codexkit uses has changed, 2 for wrong usage, 3 without a binary. */
export async function drift(args: readonly string[], output: DriftOutput): Promise<number> {
  const action = (options: Options): Promise<number> => compare(options, output);
  return runCommand(createProgram(output), args, { action, err: output.err });
}

function createProgram({ out, err }: DriftOutput): Command {
  return new Command("npm run drift --")
    .description("Compares two versions of codex: behaviour, wire, protocol and tables.")
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err })
    .option("--from <version or path>", "the older codex (default: the newest version with fixtures)")
    .option("--to <version or path>", "the newer codex", "latest")
    .addOption(new Option("--only <section>", "compare only this section").choices(sections))
    .option("--json", "print a JSON object for each finding", false)
    .option("--markdown", "print Markdown", false);
}

async function compare(options: Options, { out, err }: DriftOutput): Promise<number> {
  const from = await findBinary(options.from ?? (await keptVersions()).at(-1) ?? "latest");
  const to = await findBinary(options.to);
  const uses = await readSourceUses();
  const findings: Finding[] = [];
  for (const section of sections.filter((each) => options.only === undefined || options.only === each)) {
    err(`comparing ${section}\n`);
    findings.push(...(await compareSection(section, { from, to, uses })));
  }
  const result = { from: from.version, to: to.version, findings };
  out(options.json ? renderJson(result) : options.markdown ? renderMarkdown(result) : renderText(result));
  return findings.some(matters) ? 1 : 0;
}

interface Sides {
  readonly from: Binary;
  readonly to: Binary;
  readonly uses: SourceUses;
}

async function compareSection(section: Finding["section"], { from, to, uses }: Sides): Promise<Finding[]> {
  switch (section) {
    case "behaviour":
      return compareBehaviours(await behaviourOf(from), await behaviourOf(to));
    case "wire":
      return compareWires(await fixturesOf(from), await fixturesOf(to), uses);
    case "protocol":
      return compareProtocols(await protocolOf(from), await protocolOf(to), uses);
    case "tables":
      return compareFacts(await readReleaseFacts(from), await readReleaseFacts(to));
  }
}

/** Returns the saved report of a version if it has every probe; otherwise plays the probes. */
async function behaviourOf({ path, version }: Binary): Promise<Report> {
  const runs = probeRuns(probes);
  const saved = parseReport(await readFile(savedRuns, "utf8").catch(() => "[]"));
  const known = saved.find((report) => compareVersions(report.version, version) === 0 && report.version === version);
  if (known !== undefined && runs.every(({ id }) => id in known.probes)) return known;
  const results = await runProbes(runs, { codexPath: path, version, jobs: 3 });
  return toReport(version, { results, seconds: 0 });
}

async function protocolOf({ path, version }: Binary) {
  return readProtocolParts(path, scratchFolder("drift", `${process.pid}-protocol-${version}`));
}

/** Returns the stored fixtures of a version, or harvests them. A scenario that breaks is missing. */
async function fixturesOf({ path, version }: Binary): Promise<Fixtures> {
  const stored = await readFixtures(join(root, "test/fixtures/wire", version));
  if (stored.size > 0) return stored;
  const dir = scratchFolder("drift", `${process.pid}-wire`);
  await mkdir(dir, { recursive: true });
  await harvest(["--dir", dir, "--codex-path", path], {
    env: process.env,
    cwd: root,
    signal: new AbortController().signal,
    out: () => undefined,
    err: () => undefined,
    paint: (_colour, text) => text,
  });
  const fixtures = await readFixtures(join(dir, version));
  await rm(join(dir, version), { recursive: true, force: true });
  return fixtures;
}

async function readFixtures(folder: string): Promise<Fixtures> {
  const { manifest } = await openFixtures(folder);
  const texts = (manifest?.fixtures ?? []).map(
    async ({ transport, scenario, canonical }): Promise<[string, string]> => [
      `${transport}/${scenario}`,
      await readFile(join(folder, canonical.file), "utf8"),
    ],
  );
  return new Map(await Promise.all(texts));
}
