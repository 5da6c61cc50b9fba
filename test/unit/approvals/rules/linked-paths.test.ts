import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { allow, deny } from "../../../../src/approvals/rules/approval-rule.js";
import { match } from "../../../../src/approvals/rules/match.js";
import { files } from "../sample-requests.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "codexkit-linked-")));
const tree = join(root, "tree");
mkdirSync(join(tree, "src"), { recursive: true });
mkdirSync(join(tree, ".git"));
mkdirSync(join(tree, "ci"));
writeFileSync(join(tree, "src/a.ts"), "");
symlinkSync("../.git", join(tree, "src/vendor"));
symlinkSync("a.ts", join(tree, "src/b.ts"));
symlinkSync("missing", join(tree, "src/dangling"));
symlinkSync("loop", join(tree, "src/loop"));
symlinkSync("ci", join(tree, ".github"));
symlinkSync(tree, join(root, "link"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const allows = (path: string, file: string, workingDirectory: string | null = tree): boolean =>
  match({ path }, allow()).decide(files([file], { workingDirectory })).kind === "allow";
const denies = (anyPath: string, file: string, workingDirectory: string | null = tree): boolean =>
  match({ anyPath }, deny()).decide(files([file], { workingDirectory })).kind === "deny";

describe("a pattern of paths, behind links", () => {
  test("[T3] allows a path only if its real path matches as well", () => {
    expect(allows("src/**", join(tree, "src/a.ts"))).toBe(true);
    expect(allows("src/**", join(tree, "src/new/deep/c.ts"))).toBe(true);
    expect(allows("src/**", join(tree, "src/b.ts"))).toBe(true);
    expect(allows("src/**", join(tree, "src/vendor/config"))).toBe(false);
    expect(allows("src/**", join(tree, "src/vendor/hooks/new/pre-commit"))).toBe(false);
    expect(allows("src/vendor/**", join(tree, "src/vendor/config"))).toBe(false);
    expect(allows(`${tree}/src/vendor/../**`.replace("vendor/../", ""), join(tree, "src/vendor/config"))).toBe(false);
    expect(allows(`${tree}/src/**`, join(tree, "src/a.ts"))).toBe(true);
  });

  test("[T3] allows no path whose target is unknown: a dangling link, a loop, a file used as a folder", () => {
    for (const name of ["dangling", "dangling/a", "loop", "loop/a", "a.ts/b"])
      expect(allows("src/**", join(tree, "src", name)), name).toBe(false);
    for (const name of ["dangling", "dangling/a", "loop", "loop/a", "a.ts/b"])
      expect(denies("nothing/**", join(tree, "src", name)), name).toBe(true);
  });

  test("[T3] denies a path if its given or its real form matches", () => {
    expect(denies(".git/**", join(tree, "src/vendor/config"))).toBe(true);
    expect(denies("src/vendor/**", join(tree, "src/vendor/config"))).toBe(true);
    expect(denies(".GITHUB/**", join(tree, ".github/ci.yml"))).toBe(true);
    expect(denies(".github/**", join(tree, "ci/ci.yml"))).toBe(true);
    expect(denies(`${root}/link/ci/**`, join(tree, "ci/ci.yml"))).toBe(true);
    expect(denies(`${tree}/ci/**`, join(root, "link/ci/ci.yml"))).toBe(true);
    expect(denies("docs/**", join(tree, "ci/ci.yml"))).toBe(false);
  });

  test("[T3] compares with the real form of a thread's directory that is a link", () => {
    const link = join(root, "link");
    expect(allows("src/**", join(link, "src/a.ts"), link)).toBe(true);
    expect(allows("src/**", join(link, "src/vendor/config"), link)).toBe(false);
    expect(denies(".git/**", join(tree, ".git/config"), link)).toBe(true);
  });

  test("[T3] refuses an absolute glob behind a link, which could match nothing, and names the real path", () => {
    expect(() => match({ path: `${root}/link/src/**` }, allow())).toThrow(`write its real path ${join(tree, "src")}`);
    expect(() => match({ anyPath: `${root}/link/src/**` }, deny())).not.toThrow();
  });

  test("[T10] takes a path over 4,096 bytes or a name over 255 bytes as unknown", () => {
    const longName = join(tree, "src", "a".repeat(256));
    const longBytes = join(tree, "src", "é".repeat(128));
    const longPath = join(tree, "src", "abc/".repeat(1100), "d");
    for (const path of [longName, longBytes, longPath]) {
      expect(allows("src/**", path)).toBe(false);
      expect(denies("docs/**", path)).toBe(true);
    }
    expect(allows("src/**", join(tree, "src", "a".repeat(255)))).toBe(true);
  });

  test("[T3] denies a patch that wants to write to a whole folder", () => {
    const request = files([join(tree, "src/a.ts")], { workingDirectory: tree, grantRoot: tree });
    expect(match({ anyPath: ".github/**" }, deny()).decide(request).kind).toBe("deny");
  });
});
