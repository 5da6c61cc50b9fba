import type { Command } from "commander";
import type { CliHost } from "../cli-host.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import type { CommandContext } from "../run-cli.js";
import type { Check } from "./check.js";
import { diagnose, verdictOf } from "./diagnose.js";
import { renderCheck } from "./render-check.js";

interface DoctorOptions {
  readonly json: boolean;
  readonly codexPath?: string;
}

/** `codexkit doctor`. */
export function addDoctorCommand(program: Command, { host, done }: CommandContext): void {
  program
    .command("doctor")
    .description("look at everything that codexkit needs on this machine, without asking a model")
    .option("--json", "print one JSON object", false)
    .option("--codex-path <path>", "the codex binary to look at, instead of the one that codexkit would find")
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
