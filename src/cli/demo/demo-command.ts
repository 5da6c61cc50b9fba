import { type Command, Option } from "commander";
import type { CommandContext } from "../cli-host.js";
import { type DemoOptions, runDemo } from "./run-demo.js";

/** `codexkit demo`. */
export function addDemoCommand(program: Command, { host, done }: CommandContext): void {
  program
    .command("demo")
    .description("let codex fix a failing test in a new repository; needs no key and no network")
    .addOption(
      new Option("--transport <name>", "the transport to codex").choices(["app-server", "exec"]).default("app-server"),
    )
    .option("--live", "use the real model with your own login or CODEX_API_KEY (this costs tokens)", false)
    .option("--json", "print the events as JSON lines, and a result object as the last line", false)
    .option("--keep", "keep the repository and codex's files, and print their folder", false)
    .action(async (options: DemoOptions) => {
      done(await runDemo(options, host));
    });
}
