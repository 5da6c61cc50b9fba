import { type Command, InvalidArgumentError, Option } from "commander";
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
    .option("--timeout <seconds>", "end the turn after this time, with exit code 124", toSeconds)
    .addOption(
      new Option("--approve <mode>", "actions that need an approval: refuse them, or ask on the terminal")
        .choices(["never", "ask"])
        .default("never"),
    )
    .option("-c, --config <key=value>", "a value of codex's config.toml; can be repeated", collect)
    .option("--base-url <url>", "an OpenAI-compatible endpoint, used with the key in CODEX_API_KEY")
    .option("--json", "print the events as JSON lines on stdout, and a result object as the last line", false)
    .action(async (prompt: string | undefined, options: RunOptions) => {
      done(await runPrompt(prompt, options, host));
    });
}

/** The longest time that a timer can wait is 24.8 days. */
const maxSeconds = 2_147_483;

function toSeconds(value: string): number {
  const seconds = value.trim() === "" ? Number.NaN : Number(value);
  if (seconds > 0 && seconds <= maxSeconds) return seconds;
  throw new InvalidArgumentError(`It must be a number of seconds over 0 and at most ${maxSeconds}.`);
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
