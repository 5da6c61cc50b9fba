import { type Command, Option } from "commander";
import type { CommandContext } from "../cli-host.js";
import type { RunOptions } from "./run-options.js";
import { runPrompt } from "./run-prompt.js";

/** `codexkit run`. */
export function addRunCommand(program: Command, { host, done }: CommandContext): void {
  program
    .command("run")
    .description("run a prompt: the answer goes to stdout, the progress to stderr")
    .argument("[prompt]", "the task for codex; `-`, or no prompt if stdin is not a terminal, reads it from stdin")
    .addOption(
      new Option("--transport <name>", "the transport to codex").choices(["app-server", "exec"]).default("app-server"),
    )
    .option("--cd <dir>", "the working directory of codex, instead of the current folder")
    .option("--image <file>", "an image for the prompt; can be repeated", collect)
    .option("--output-schema <file>", "a JSON Schema for the answer, which is then JSON")
    .option("--resume <id>", "continue this thread, or with `last` the most recently used thread of the folder")
    .addOption(
      new Option("--sandbox <mode>", "the sandbox of the commands (default: read-only)").choices([
        "read-only",
        "workspace-write",
        "danger-full-access",
      ]),
    )
    .option("--model <name>", "the model, instead of the configured one")
    .option("--skip-git-repo-check", "allow a folder outside any git repository")
    .option("--codex-path <path>", "the codex binary to use, instead of the one that codexkit finds")
    .option("--trust-project", "load the .codex/ folder and AGENTS.md of the repository")
    .option("--allow-writable-binary", "start a codex binary that the commands of the agent could replace")
    .option("--json", "print the events as JSON lines on stdout, and a result object as the last line", false)
    .action(async (prompt: string | undefined, options: RunOptions) => {
      done(await runPrompt(prompt, options, host));
    });
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
