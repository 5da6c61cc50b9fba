import { Command, CommanderError } from "commander";
import type { CliHost, CommandContext } from "./cli-host.js";
import { addDemoCommand } from "./demo/demo-command.js";
import { reportError, toReportedError } from "./describe-error.js";
import { addDoctorCommand } from "./doctor/doctor-command.js";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.js";
import { readPackageVersion } from "./package-version.js";
import { addRunCommand } from "./run/run-command.js";

/** Runs the command line with these arguments (without node and script) and returns the exit code. It never rejects. */
export async function runCli(args: readonly string[], host: CliHost): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const done = (code: ExitCode): void => {
    exitCode = code;
  };
  try {
    await createProgram(await readPackageVersion(), { host, done }).parseAsync(args, { from: "user" });
    return exitCode;
  } catch (thrown) {
    // Commander has printed its own message.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const error = toReportedError(thrown, host.signal);
    reportError(error, host);
    return exitCodeOf(error);
  }
}

function createProgram(version: string, context: CommandContext): Command {
  const program = new Command("codexkit")
    .description("Runs the codex agent from the command line, and checks that it works on this machine.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: context.host.out, writeErr: context.host.err })
    .showHelpAfterError("Run it with --help for its options.");
  addRunCommand(program, context);
  addDemoCommand(program, context);
  addDoctorCommand(program, context);
  return program;
}
