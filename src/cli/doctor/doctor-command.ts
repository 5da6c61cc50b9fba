import type { Command } from "commander";
import type { CliHost, CommandContext } from "../cli-host.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import type { Colour, Paint } from "../paint.js";
import type { Check } from "./check.js";
import { diagnose, verdictOf } from "./diagnose.js";

interface DoctorOptions {
  readonly json: boolean;
  readonly codexPath?: string;
}

/** `codexkit doctor`. */
export function addDoctorCommand(program: Command, { host, done }: CommandContext): void {
  program
    .command("doctor")
    .description("check the requirements of codexkit on this machine, without a model request")
    .option("--json", "print one JSON object", false)
    .option("--codex-path <path>", "the codex binary to check, instead of the one that codexkit finds")
    .action(async (options: DoctorOptions) => {
      done(await runDoctor(options, host));
    });
}

async function runDoctor({ json, codexPath }: DoctorOptions, host: CliHost): Promise<ExitCode> {
  const checks: Check[] = [];
  for await (const check of diagnose(codexPath === undefined ? {} : { codexPathOverride: codexPath }, host)) {
    if (host.signal.aborted) return exitCodes.interrupted;
    checks.push(check);
    if (!json) host.out(renderCheck(check, host.paint));
  }
  const exitCode = verdictOf(checks);
  if (json) host.out(`${JSON.stringify({ ok: exitCode === exitCodes.ok, checks }, null, 2)}\n`);
  return exitCode;
}

const colours: Readonly<Record<Check["status"], Colour>> = { ok: "green", warn: "yellow", fail: "red" };

/** Renders a check as a line, and its advice as a second line. */
export function renderCheck({ name, status, summary, advice }: Check, paint: Paint): string {
  const line = `${paint(colours[status], status.padEnd(4))}  ${name.padEnd(10)}  ${summary}\n`;
  return advice === undefined ? line : `${line}${" ".repeat(18)}${paint("dim", advice)}\n`;
}
