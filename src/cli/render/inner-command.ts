/**
 * Returns the script of a command. codex shows a command as the quoted words of the shell that runs it. A line that is not a
 * shell with one script is returned unchanged, so that no part of the command is hidden.
 */
export function innerCommand(command: string): string {
  const script = /^\S*\/(?:ba|z|da)?sh -l?c ([^]*)$/.exec(command)?.[1];
  return (script === undefined ? null : readWord(script)) ?? command;
}

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
