/**
 * Returns the command of an item or of an approval request as the model wrote it: codex shows the quoted words of the shell
 * that runs it, such as `/bin/bash -lc 'git status'`. Any other line is returned unchanged, such as one with more words, or
 * with a shell outside the folders of the system, so that no part of a command is hidden. The text is for display and logs:
 * `match` decides about commands.
 *
 * @example
 * ```ts
 * import { Codex, plainCommandOf } from "codexkit";
 *
 * await using codex = new Codex();
 * const { items } = await codex.startThread().run("Run the tests");
 * for (const item of items) if (item.type === "commandExecution") console.log(plainCommandOf(item), item.exitCode);
 * ```
 */
export function plainCommandOf({ command }: { readonly command: string }): string {
  const [, shell = "", script] = /^(\S+) -l?c ([^]+)$/.exec(command) ?? [];
  return (script === undefined || !isSystemShell(shell) ? null : readWord(script)) ?? command;
}

/** Whether the program is a shell by its name alone or in a folder of the system. Another folder may be the model's own. */
export function isSystemShell(program: string): boolean {
  const at = program.lastIndexOf("/");
  if (!isShellName(program.slice(at + 1))) return false;
  return at < 0 || homesOfShells.has(program.slice(0, at));
}

export function isShellName(name: string): boolean {
  return shells.has(name);
}

const shells = new Set(["bash", "sh", "zsh", "dash"]);
const homesOfShells = new Set(["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]);

/** Returns the value of a text that is one word of a shell, else null. */
function readWord(text: string): string | null {
  let value = "";
  let end = 0;
  for (const { 0: whole, 1: single, 2: double, 3: escaped, 4: bare, index } of text.matchAll(pieces)) {
    if (index !== end) return null;
    end += whole.length;
    value += single ?? double?.replace(/\\(["$`\\])/g, "$1") ?? escaped ?? bare ?? "";
  }
  return end === text.length ? value : null;
}

const pieces = /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^\n])|([^\s'"\\]+)/g;
