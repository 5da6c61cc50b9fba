import { type Command, Option } from "commander";
import type { CommandContext } from "../cli-host.js";
import type { RunOptions } from "./run-options.js";
import { runPrompt } from "./run-prompt.js";

/** `codexkit run`. */
export function addRunCommand(program: Command, { host, done }: CommandContext): void {
  program
    .command("run")
    .description("give codex a prompt: the answer goes to stdout, the progress to stderr")
    .argument("[prompt]", "what codex is to do; `-`, or nothing where stdin is no terminal, reads it from stdin")
    .addOption(
      new Option("--transport <name>", "how codex is driven").choices(["app-server", "exec"]).default("app-server"),
    )
    .option("--cd <dir>", "the folder that codex works in, instead of the current one")
    .option("--image <file>", "an image that goes with the prompt; may be given several times", collect)
    .option("--output-schema <file>", "a JSON Schema for the answer, which is JSON then")
    .option("--resume <id>", "go on with this thread, or with the one of the folder that was used `last`")
    .addOption(
      new Option("--sandbox <mode>", "how far commands may reach (default: read-only)").choices([
        "read-only",
        "workspace-write",
        "danger-full-access",
      ]),
    )
    .option("--model <name>", "the model, instead of the one that codex is configured for")
    .option("--skip-git-repo-check", "work in a folder outside any git repository, too")
    .option("--codex-path <path>", "the codex binary to use, instead of the one that codexkit would find")
    .option("--json", "print the events as JSON lines on stdout, and a result object as the last line", false)
    .action(async (prompt: string | undefined, options: RunOptions) => {
      done(await runPrompt(prompt, options, host));
    });
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
