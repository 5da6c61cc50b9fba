import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainCommandOf } from "../../../src/index.js";

/** The ways to write a text as one word of a shell; codex uses the first two. */
const quotings: readonly ((text: string) => string)[] = [
  (text) => `'${text.replaceAll("'", `'"'"'`)}'`,
  (text) => `"${text.replace(/["$`\\]/g, "\\$&")}"`,
  (text) => `'${text.replaceAll("'", "'\\''")}'`,
];

const characters = ["a", "b", " ", "'", '"', "$", "`", "\\", ";", "|", "&", "\n", "\t", "é", "!", "*"];
const script = fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 30 });
const shell = fc.constantFrom("/bin/bash", "/usr/bin/zsh", "/bin/sh", "bash");
const flag = fc.constantFrom("-lc", "-c");

describe("the plain command of an item", () => {
  test("[A4] is the script of the shell, in every quoting", () => {
    fc.assert(
      fc.property(script, shell, flag, fc.constantFrom(...quotings), (text, program, option, quote) => {
        expect(plainCommandOf({ command: `${program} ${option} ${quote(text)}` })).toBe(text);
      }),
    );
  });

  test("[A4] is the word that a real shell reads", () => {
    const texts = fc.sample(script, { numRuns: 40, seed: 7 });
    const words = texts.flatMap((text) => quotings.map((quote) => quote(text)));
    const { stdout } = spawnSync("/bin/sh", ["-c", `printf '%s\\0' ${words.join(" ")}`], { encoding: "utf8" });
    expect(words.map((word) => plainCommandOf({ command: `/bin/sh -c ${word}` }))).toEqual(
      stdout.split("\0").slice(0, -1),
    );
  });

  test.each([
    ["/bin/bash -lc ls", "ls"],
    [`/bin/bash -c 'it'"'"'s'`, "it's"],
    [`/bin/bash -c "git commit -m 'one two'"`, "git commit -m 'one two'"],
    ["/bin/bash -lc 'bash -lc ls'", "bash -lc ls"],
  ])("[A4] of %s is %s", (command, expected) => {
    expect(plainCommandOf({ command })).toBe(expected);
  });

  test.each([
    `/bin/bash -c 'a' 'b'`,
    `/bin/bash -c 'a`,
    "/bin/bash -x -c ls",
    "/tmp/model/bash -lc ls",
    "./bash -lc ls",
    "/bin/fish -c ls",
    "git status",
    "",
  ])("[A4] is the whole line %s, of which nothing may be hidden", (command) => {
    expect(plainCommandOf({ command })).toBe(command);
  });
});
