import { basename } from "node:path/posix";
import { isShellName, isSystemShell } from "../../protocol/items/plain-command.js";

/**
 * Returns the words of a command line that runs exactly one plain command, or `null`. `line` is codex's: the words of the
 * process, quoted and joined. A surrounding shell (`/bin/bash -lc '...'`) is removed, and its script must be one command of
 * literal words. Returns `null` for a script that a shell would expand, join, redirect or split into several commands, and
 * for every uncertain case: the words that it returns are exactly the words that run.
 */
export function splitCommand(line: string): readonly string[] | null {
  const words = splitWords(line, "joined");
  if (words === null) return null;
  const [program = "", flag = "", script] = words;
  if (!isShellName(basename(program)) || !flag.startsWith("-")) return isPlain(words) ? words : null;
  // A shell in another folder may be the model's own program, and other flags may read files that the model chose.
  if (!isSystemShell(program) || words.length !== 3 || script === undefined || (flag !== "-lc" && flag !== "-c"))
    return null;
  const inner = splitWords(script, "script");
  return inner !== null && isPlain(inner) ? inner : null;
}

/** `NAME=value git status` sets a variable first; zsh reads `=name` as a path. */
function isPlain(words: readonly string[]): boolean {
  const [program = ""] = words;
  return program !== "" && !program.includes("=") && !program.startsWith("-");
}

/** The characters allowed outside quotes. A shell does not interpret any of them inside a word. */
const bare = /^[A-Za-z0-9_@%+:,./-]$/;

/**
 * Splits at blanks outside quotes. In a `script`, double quotes must not contain characters that a shell interprets. In a
 * `joined` line, a backslash in double quotes is an escape that codex wrote.
 */
function splitWords(text: string, source: "joined" | "script"): readonly string[] | null {
  if (source === "script" ? hidden.test(text) : text.includes("\0")) return null;
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === " ") {
      at += 1;
      continue;
    }
    const word = readWord(text, at, source);
    if (word === null) return null;
    words.push(word.value);
    at = word.end;
  }
  return words.length > 0 ? words : null;
}

interface Read {
  readonly value: string;
  /** The position after the word. */
  readonly end: number;
}

function readWord(text: string, start: number, source: "joined" | "script"): Read | null {
  let value = "";
  let at = start;
  while (at < text.length && text[at] !== " ") {
    const char = text.charAt(at);
    if (char === "'" || char === '"') {
      const part = char === "'" ? readSingle(text, at) : readDouble(text, at, source);
      if (part === null) return null;
      value += part.value;
      at = part.end;
      continue;
    }
    // `--name=value` is an ordinary word, but zsh interprets a leading `=`.
    if (!bare.test(char) && !(char === "=" && at > start)) return null;
    value += char;
    at += 1;
  }
  return { value, end: at };
}

function readSingle(text: string, start: number): Read | null {
  const close = text.indexOf("'", start + 1);
  return close < 0 ? null : { value: text.slice(start + 1, close), end: close + 1 };
}

function readDouble(text: string, start: number, source: "joined" | "script"): Read | null {
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { value, end: at + 1 };
    if (char === "\\") {
      at += 1;
      const escaped = text.charAt(at);
      if (source === "script" || !['"', "\\", "$", "`"].includes(escaped)) return null;
      value += escaped;
    } else if (char === "$" || char === "`" || (char === "!" && source === "script")) return null;
    else value += char;
  }
  return null;
}

/** Invisible characters: line ends separate commands and end a `*` of a glob; others hide text from a person. */
export const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
