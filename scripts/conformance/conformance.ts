import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { findBinary } from "./binary.js";
import { probeRuns } from "./probe.js";
import { probes } from "./probes/index.js";
import { describeResult, type Report, parseReport, toReport, withReport } from "./report.js";
import { type ProbeResult, runProbes } from "./run-probes.js";
import { savedRuns, writeTables } from "./table.js";
import { runCommand } from "../run-command.js";

interface Options {
  readonly codex: readonly string[];
  readonly window: boolean;
  readonly feature?: string;
  readonly probe?: string;
  readonly jobs: string;
  readonly json: boolean;
  readonly save: boolean;
  readonly docs: boolean;
}

export interface ConformanceOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Plays the probes and returns the exit code: 0 if every probe that should hold does, 1 if one does not, 2 for wrong
 * usage, 3 if a binary is missing.
 */
export async function conformance(args: readonly string[], output: ConformanceOutput): Promise<number> {
  const action = (options: Options): Promise<number> => play(options, output);
  return runCommand(createProgram(output), args, { action, err: output.err });
}

function createProgram({ out, err }: ConformanceOutput): Command {
  return new Command("npm run conformance --")
    .description("Plays every probe of the public API on codex binaries, with a scripted model. Needs no key.")
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err })
    .option("--codex <version or path...>", "the binaries; a version is downloaded if it is missing", [])
    .option("--window", "play every version that has a saved report", false)
    .option("--feature <text>", "play only the probes of features with this text")
    .option("--probe <text>", "play only the probes with this text in their id")
    .option("--jobs <n>", "number of probes that run at once", "3")
    .option("--json", "print JSON lines, and the reports as the last line", false)
    .option("--save", "save the reports in docs/internals/conformance.json, and write the tables", false)
    .option("--docs", "write the tables of README.md and docs/internals/versions.md from the saved reports", false);
}

async function play(options: Options, { out }: ConformanceOutput): Promise<number> {
  const runs = probeRuns(probes).filter(
    ({ id, probe }) => probe.feature.includes(options.feature ?? "") && id.includes(options.probe ?? ""),
  );
  const reports: Report[] = [];
  const saved = options.window ? parseReport(await readFile(savedRuns, "utf8")) : [];
  for (const wanted of [...options.codex, ...saved.map(({ version }) => version)]) {
    const { path, version } = await findBinary(wanted);
    const onResult = (result: ProbeResult): void => {
      out(options.json ? `${JSON.stringify({ version, ...result })}\n` : describeResult(version, result));
    };
    const began = performance.now();
    const results = await runProbes(runs, { codexPath: path, version, jobs: Number(options.jobs), onResult });
    const report = toReport(version, { results, seconds: Math.round((performance.now() - began) / 1000) });
    reports.push(report);
    if (!options.json) out(`${version}: ${report.ok} of ${results.length} probes hold, ${report.seconds} s\n`);
    if (options.save) await save(report);
  }
  if (options.json) out(`${JSON.stringify(reports)}\n`);
  if (options.save || options.docs) await writeTables();
  return reports.some(({ probes: all }) => Object.values(all).some(({ status }) => status === "failed")) ? 1 : 0;
}

async function save(report: Report): Promise<void> {
  const saved = parseReport(await readFile(savedRuns, "utf8").catch(() => "[]"));
  await writeFile(savedRuns, `${JSON.stringify(withReport(saved, report), undefined, 2)}\n`);
}
