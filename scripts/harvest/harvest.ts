import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { reportError, toReportedError } from "../../src/cli/describe-error.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../../src/cli/exit-codes.js";
import type { HarvestHost } from "./harvest-host.js";
import type { HarvestOptions } from "./harvest-options.js";
import { runHarvest } from "./run-harvest.js";

/** Runs the harvest with these arguments (without node and script) and returns the exit code. It never rejects. */
export async function harvest(args: readonly string[], host: HarvestHost): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = createProgram(host).action(async (options: HarvestOptions) => {
    exitCode = await runHarvest(options, host);
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (thrown) {
    // Commander has printed its own message.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const error = toReportedError(thrown, host.signal);
    reportError(error, host);
    return exitCodeOf(error);
  }
}

function createProgram(host: HarvestHost): Command {
  return new Command("npm run harvest --")
    .description("Records wire fixtures from the real codex with a scripted model. Needs no key and no network.")
    .exitOverride()
    .configureOutput({ writeOut: host.out, writeErr: host.err })
    .showHelpAfterError("Run it with --help for its options.")
    .option("--scenario <name...>", "record only these scenarios (default: all)")
    .addOption(new Option("--transport <name>", "record only this transport").choices(["app-server", "exec"]))
    .option("--check", "compare with the stored fixtures and write nothing", false)
    .option("--times <n>", "with --check: repeat the comparison n times", positive, 1)
    .option("--dir <folder>", "folder of the fixtures, with a folder for each codex version", "test/fixtures/wire")
    .option("--jobs <n>", "number of scenarios that run at once", positive, 2)
    .option("--codex-path <path>", "path of the codex binary, instead of the one that codexkit finds")
    .option("--json", "print JSON lines, and a result object as the last line", false);
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return number;
}
