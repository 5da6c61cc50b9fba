import { resolve } from "node:path";
import { OptionError } from "../../errors/option-error.js";
import type { ApprovalRequest, CommandApprovalRequest } from "../../protocol/events/approval-request.js";
import { hidden, splitCommand } from "./split-command.js";

type CommandOption = "command" | "commandPrefix";

/**
 * Tests whether the request is to run one plain command in the thread's directory: exactly one of these commands for
 * `command`, or a command that begins with one of these for `commandPrefix`.
 */
export function commandTest(option: CommandOption, value: unknown): (request: ApprovalRequest) => boolean {
  const commands = readCommands(option, value);
  return (request) => {
    if (request.kind !== "command" || request.action !== "command" || request.network !== null) return false;
    if (!runsInThreadDirectory(request)) return false;
    const words = splitCommand(request.command);
    if (words === null) return false;
    return commands.some((wanted) => {
      if (option === "command" && words.length !== wanted.length) return false;
      return wanted.every((word, at) => words[at] === word);
    });
  };
}

/** In another directory the same words may run a program of the model: `./check`, or the `fsmonitor` of a `.git/config`. */
function runsInThreadDirectory({ workingDirectory, threadDirectory }: CommandApprovalRequest): boolean {
  if (workingDirectory === null || threadDirectory === null) return false;
  return resolve(workingDirectory) === resolve(threadDirectory);
}

/** Returns the words of each command. */
function readCommands(option: CommandOption, value: unknown): readonly (readonly string[])[] {
  if (typeof value === "string") return [checkWords(option, splitCommand(value))];
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  if (entries.length === 0) throw invalid(option, "must be a command, a list of its words, or a list of such lists");
  if (entries.every((entry) => Array.isArray(entry))) return entries.map((words) => checkWords(option, words));
  if (entries.some((entry) => Array.isArray(entry)))
    throw invalid(
      option,
      'mixes words and lists of words; alternatives are lists: `[["git", "diff"], ["git", "log"]]`',
    );
  checkFlatList(option, entries);
  return [checkWords(option, entries)];
}

/**
 * `["git diff", "git log"]` looks like alternatives and is one command of two words. A list in which a word has a blank is
 * therefore refused: its command and its alternatives both have another form.
 */
function checkFlatList(option: CommandOption, words: readonly unknown[]): void {
  const wide = words.find((word) => typeof word === "string" && /\s/.test(word));
  if (wide === undefined) return;
  const [program] = words;
  const lists = words.map((word) => String(word).trim().split(/\s+/));
  const split = `\`${JSON.stringify(lists.length === 1 ? lists[0] : lists).slice(0, 200)}\``;
  // No program has a blank in its name.
  const forms =
    program === wide
      ? split
      : `\`${JSON.stringify([words]).slice(0, 200)}\` for one command, or ${split} for alternatives`;
  throw invalid(
    option,
    `is a list of the words of one command, and ${JSON.stringify(wide).slice(0, 80)} has a blank; write ${forms}`,
  );
}

function checkWords(option: CommandOption, value: readonly unknown[] | null): readonly string[] {
  if (value === null)
    throw invalid(option, "must be one plain command without shell syntax (`&&`, `|`, `>`, `$`, `*`, `NAME=value`)");
  const words = value.filter((word) => typeof word === "string");
  const [program] = words;
  if (program === undefined || program === "" || words.length < value.length)
    throw invalid(option, "must be a list of words: non-empty strings");
  if (/[=\s]/.test(program) || program.startsWith("-"))
    throw invalid(option, `begins with ${JSON.stringify(program.slice(0, 80))}, which is not the name of a program`);
  if (words.some((word) => hidden.test(word)))
    throw invalid(option, "has invisible characters or line ends, and no command with them matches");
  return words;
}

function invalid(option: CommandOption, problem: string): OptionError {
  return new OptionError("INVALID_OPTION", `match.${option}`, `\`${option}\` ${problem}.`);
}
