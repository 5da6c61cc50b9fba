import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../run-cli.js";
import type { HarvestOptions } from "./harvest-options.js";
import { runHarvest } from "./run-harvest.js";

/** `codexkit harvest`. */
export function addHarvestCommand(program: Command, { host, done }: CommandContext): void {
  program
    .command("harvest")
    .description("record wire fixtures from the real codex with a scripted model; needs no key and no network")
    .option("--scenario <name...>", "only these scenarios (default: all)")
    .addOption(new Option("--transport <name>", "only this transport").choices(["app-server", "exec"]))
    .option("--check", "compare with the fixtures that are kept instead of writing them", false)
    .option("--times <n>", "with --check: so many times in a row", positive, 1)
    .option("--dir <folder>", "where the fixtures are, in a folder for each codex version", "test/fixtures/wire")
    .option("--jobs <n>", "how many scenarios run at once", positive, 2)
    .option("--codex-path <path>", "the codex binary, instead of the one that codexkit would find")
    .option("--json", "print JSON lines, and a result object as the last line", false)
    .action(async (options: HarvestOptions) => {
      done(await runHarvest(options, host));
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return number;
}
