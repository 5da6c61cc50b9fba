import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGlob } from "../../../../src/approvals/rules/glob.js";

const matches = (glob: string, path: string, dot = false): boolean =>
  createGlob(glob, { option: "match.path", dot })(path);

describe("a glob", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["src/*.ts", ["src/a.ts", "src/é𝒳.ts"], ["src/a.js", "src/a/b.ts", "a.ts", "src/.ts", "src/.a.ts"]],
    ["src/**", ["src", "src/a", "src/a/b"], ["src2/a", "src/.git/a", "src/a/.env"]],
    ["**/*.md", ["a.md", "a/b.md"], [".a/b.md", "a/.md"]],
    ["a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c", "a/b/b/c"], ["a/c", "a/b/.x/c"]],
    ["a**b", ["ab", "axb"], ["a/b"]],
    ["?.[a-c]", ["x.b", "𝒳.c"], ["xx.b", "x.d", ".b"]],
    ["[!a-c]", ["d"], ["a", "", ".", "dd"]],
    ["[]a]x", ["]x", "ax"], ["bx"]],
    ["{a,b{c,d}}/x", ["a/x", "bc/x", "bd/x"], ["b/x"]],
    ["{src,docs/api}/**", ["src/a", "docs/api/b"], ["docs/b"]],
    [".github/**", [".github/ci.yml"], ["github/ci.yml"]],
    ["\\*", ["*"], ["a"]],
    ["\\{a\\,b\\}", ["{a,b}"], ["a"]],
    ["app/(group)/\\[id\\]/page.tsx", ["app/(group)/[id]/page.tsx"], ["app/group/i/page.tsx"]],
    ["/etc/*", ["/etc/passwd"], ["etc/passwd", "/etc/a/b"]],
    ["**", ["a", "a/b"], [".a", "a/.b"]],
  ])("[T10] %s matches the documented paths only", (glob, yes, no) => {
    for (const path of yes) expect(matches(glob, path), path).toBe(true);
    for (const path of no) expect(matches(glob, path), path).toBe(false);
  });

  test("[T10] with dots allowed matches names that begin with a dot", () => {
    for (const [glob, path] of [
      ["**/.env*", "a/.x/.env.local"],
      ["*", ".a"],
      ["**", ".a/.b"],
      ["*.ts", ".ts"],
    ] as const)
      expect(matches(glob, path, true), glob).toBe(true);
  });

  test("[T10] of any form agrees with a slow reference", () => {
    const char = fc.constantFrom("a", "b", ".", "-");
    const name = fc.string({ unit: char, minLength: 1, maxLength: 4 }).filter((text) => text !== "." && text !== "..");
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join("/"));
    const part = fc.constantFrom(
      "a",
      "b",
      ".",
      "-",
      "*",
      "**",
      "?",
      "[ab]",
      "[!a]",
      "[a-b.]",
      "{a,b*}",
      "{a/b,**/.a,.}",
    );
    const names = fc.oneof(
      fc.constant("**"),
      fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
    );
    const glob = fc
      .array(names, { minLength: 1, maxLength: 5 })
      .map((each) => each.join("/"))
      .filter((text) => {
        const alternatives = alternativesOf(text);
        return alternatives.length <= 256 && alternatives.every((each) => !each.split("/").includes("."));
      });
    fc.assert(
      fc.property(glob, path, fc.boolean(), (pattern, given, dot) => {
        expect(matches(pattern, given, dot)).toBe(slowly(pattern, given, dot));
      }),
      { numRuns: 20_000 },
    );
  });

  test("[T10] takes at most path length x glob length steps for each alternative, also for hostile paths", () => {
    const hostile: readonly (readonly [string, string])[] = [
      ["**/*_*_*_*.sql", `src/${"_".repeat(4000)}x`],
      ["**/*a*b*c*.ts", `src/${"abc".repeat(1300)}x`],
      ["**/*.{test,spec}.*.ts", `src/${".test".repeat(800)}x`],
      ["**/a/**/a/**/a/**/b", "a/".repeat(2000) + "c"],
      ["*".repeat(100) + "b", "a".repeat(4000)],
      ["**/".repeat(50) + "b", "a/".repeat(2000) + "c"],
      ["*a".repeat(40) + "b", "a".repeat(4000)],
    ];
    for (const [glob, path] of hostile) {
      const steps = { count: 0 };
      expect(createGlob(glob, { option: "match.path", dot: true })(path, steps)).toBe(false);
      expect(steps.count, glob).toBeLessThanOrEqual(2 * (path.length + 1) * (glob.length + 1));
    }
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 200 });
    const globs = fc
      .array(fc.constantFrom("*", "**", "*a", "*a*b", "?*", "a"), { minLength: 1, maxLength: 20 })
      .map((parts) => parts.join("/"));
    fc.assert(
      fc.property(globs, text, (glob, path) => {
        const steps = { count: 0 };
        createGlob(glob, { option: "match.path", dot: true })(path, steps);
        expect(steps.count).toBeLessThanOrEqual(2 * (path.length + 1) * (glob.length + 1));
      }),
    );
  });
});

/** Tries every way in which the alternatives, the names and the characters of a glob can match. */
function slowly(glob: string, path: string, dot: boolean): boolean {
  return alternativesOf(glob).some((each) => namesFit(each.split("/"), path.split("/"), dot));
}

function alternativesOf(glob: string): readonly string[] {
  const open = glob.lastIndexOf("{");
  if (open < 0) return [glob];
  const close = glob.indexOf("}", open);
  const choices = glob.slice(open + 1, close).split(",");
  return choices.flatMap((choice) => alternativesOf(glob.slice(0, open) + choice + glob.slice(close + 1)));
}

function namesFit(segments: readonly string[], names: readonly string[], dot: boolean): boolean {
  const [segment, ...others] = segments;
  if (segment === undefined) return names.length === 0;
  if (segment === "**") {
    if (namesFit(others, names, dot)) return true;
    const [name, ...rest] = names;
    return name !== undefined && (dot || !name.startsWith(".")) && namesFit(segments, rest, dot);
  }
  const [name, ...rest] = names;
  if (name === undefined || (!dot && name.startsWith(".") && !segment.startsWith("."))) return false;
  return charsFit(segment, name) && namesFit(others, rest, dot);
}

function charsFit(segment: string, name: string): boolean {
  if (segment === "") return name === "";
  if (segment.startsWith("*"))
    return charsFit(segment.slice(1), name) || (name !== "" && charsFit(segment, name.slice(1)));
  if (name === "") return false;
  const inClass = /^\[(!?)([^\]]+)\]/.exec(segment);
  if (inClass === null)
    return (segment.startsWith("?") || segment.startsWith(name.charAt(0))) && charsFit(segment.slice(1), name.slice(1));
  const [whole, not, members = ""] = inClass;
  const fits = new RegExp(`^[${members}]`).test(name);
  return fits !== (not === "!") && charsFit(segment.slice(whole.length), name.slice(1));
}
