import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { splitCommand } from "../../../../src/approvals/rules/split-command.js";
import { shell } from "../sample-requests.js";

describe("splitCommand", () => {
  test.each([
    ["/bin/bash -lc 'git status'", ["git", "status"]],
    ["/bin/sh -c ls", ["ls"]],
    ["bash -lc 'git log --format=%h -n 3'", ["git", "log", "--format=%h", "-n", "3"]],
    [`/bin/zsh -lc "git commit -m 'a b'"`, ["git", "commit", "-m", "a b"]],
    [`/bin/bash -lc 'git commit -m "it is"'`, ["git", "commit", "-m", "it is"]],
    [`/bin/bash -lc "echo 'costs \\$5; really'"`, ["echo", "costs $5; really"]],
    ["git status", ["git", "status"]],
  ])("[A2.5] returns the words of %s", (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  test.each([
    "git status; rm -rf /",
    "git status && rm -rf /",
    "git status || rm -rf /",
    "git status & rm -rf /",
    "git status | sh",
    "git status > /etc/passwd",
    "git status < /etc/shadow",
    "git status 2>&1",
    "git status\nrm -rf /",
    "git status\rrm -rf /",
    "git status $(rm -rf /)",
    "git status `rm -rf /`",
    'git status "$(rm -rf /)"',
    'git status "`rm`"',
    'git status "$HOME"',
    "git status $HOME",
    "git status $'\\x3b'",
    "git status <(rm)",
    "GIT_PAGER=evil git status",
    "PATH=. git status",
    "=git status",
    "git status =evil",
    "(git status)",
    "{ git status; }",
    "! git status",
    "git status # rm",
    "git sta*",
    "git ~/x",
    "git {status,push}",
    "git\tstatus",
    "git \\status",
    'git "sta\\tus"',
    'git "!!"',
    "git 'status",
    'git "status',
    "git status\u2028rm",
    "git st\u202eatus",
    "git\u00a0status",
    "",
    " ",
    "''",
    "'' git",
    "-c git",
  ])("[A2.5] returns null for a script that a shell would interpret as more than plain words: %j", (script) => {
    expect(splitCommand(shell(script).command)).toBeNull();
  });

  test.each([
    "./bash -lc 'git status'",
    "/work/bash -lc 'git status'",
    "../bin/sh -c 'git status'",
    "/bin/bash --rcfile /work/evil -c 'git status'",
    "/bin/bash -c 'git status' extra",
    "/bin/bash -ic 'git status'",
    "/bin/bash -l",
    "/bin/bash -lc",
    "/bin/bash -s 'git status'",
    "/bin/bash -lc git\\ status",
    "/bin/bash -lc $'git status'",
    "<command included NUL byte>",
    "git 'a\0b'",
    "git status; rm",
    "",
  ])("[A2.5] returns null for a process that is not a known shell with one script: %j", (line) => {
    expect(splitCommand(line)).toBeNull();
  });

  test("[A2.5] returns exactly the words that a real shell runs", () => {
    const char = fc.constantFrom(..."ab'\"\\$`;&|<>(){}[]*?~#!=%^ \n\t-/:@+,.".split(""));
    const scripts = fc.string({ unit: char, minLength: 1, maxLength: 12 });
    const seen: string[] = [];
    fc.assert(
      fc.property(scripts, (tail) => {
        const words = splitCommand(shell(`probe ${tail}`).command);
        if (words !== null) seen.push(tail);
      }),
      { numRuns: 4000 },
    );
    expect(seen.length).toBeGreaterThan(20);
    const script = ['probe() { printf \'%s\\0\' "$#" "$@"; }', ...seen.map((tail) => `probe ${tail}`)].join("\n");
    const printed = execFileSync("/bin/bash", ["-c", script], { encoding: "utf8", cwd: "/" }).split("\0");
    const runs = seen.map(() => ["probe", ...printed.splice(0, 1 + Number(printed[0])).slice(1)]);
    expect(runs).toEqual(seen.map((tail) => splitCommand(shell(`probe ${tail}`).command)));
  });
});
