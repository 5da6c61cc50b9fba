import { existsSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Check } from "../../../src/cli/doctor/check.js";
import { checkCodexHome, checkGit, checkNode } from "../../../src/cli/doctor/check-machine.js";
import { judgeSandbox } from "../../../src/cli/doctor/check-sandbox.js";
import { verdictOf } from "../../../src/cli/doctor/diagnose.js";
import { renderCheck } from "../../../src/cli/doctor/doctor-command.js";
import { createPaint } from "../../../src/cli/paint.js";
import { createTestHost } from "./test-host.js";
import { createWorkFolder } from "./work-folder.js";

const containing = (text: string): unknown => expect.stringContaining(text);
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const anyText: unknown = expect.any(String);

test.each([
  ["20.19.0", "ok"],
  ["22.1.0", "ok"],
  ["20.18.9", "fail"],
  ["18.20.0", "fail"],
])("Node %s is %s", (version, status) => {
  expect(checkNode(version)).toMatchObject({ name: "node", status, details: { version } });
});

describe("git", () => {
  test("is told with its version", async () => {
    expect(await checkGit(createTestHost())).toMatchObject({
      status: "ok",
      details: { version: matching(/^\d/) },
    });
  });

  test("that is missing is a warning, as codexkit itself does without", async () => {
    const check = await checkGit(createTestHost({ env: { PATH: createWorkFolder() } }));
    expect(check).toMatchObject({ status: "warn", advice: containing("Install git") });
  });
});

describe("CODEX_HOME", () => {
  test("that can be written is ok, and nothing stays in it", async () => {
    const home = createWorkFolder();
    expect(await checkCodexHome({ env: { CODEX_HOME: home }, cwd: "/" })).toMatchObject({
      status: "ok",
      details: { path: home, source: "CODEX_HOME" },
    });
    expect(await readdir(home)).toEqual([]);
  });

  test("that does not exist, or is a file, fails, as codex does not start then", async () => {
    const home = createWorkFolder();
    writeFileSync(join(home, "file"), "");
    for (const name of ["missing", "file"]) {
      expect(await checkCodexHome({ env: { CODEX_HOME: name }, cwd: home }), name).toMatchObject({
        status: "fail",
        advice: anyText,
      });
    }
    expect(existsSync(join(home, "missing"))).toBe(false);
  });
});

describe("the sandbox", () => {
  const works = { read: true, refusedWrite: true, allowedWrite: true, said: "" };

  test("that reads, refuses and allows is ok", () => {
    expect(judgeSandbox(works).status).toBe("ok");
  });

  test.each([
    ["no command runs", { read: false, said: "no user namespaces" }, /no user namespaces/],
    ["a read-only command writes", { refusedWrite: false }, /read-only sandbox let/],
    ["no command may write where it should", { allowedWrite: false, said: "EROFS" }, /EROFS/],
  ])("fails where %s", (_case, findings, summary) => {
    expect(judgeSandbox({ ...works, ...findings })).toMatchObject({
      status: "fail",
      summary: matching(summary),
    });
  });
});

const check = (name: Check["name"], status: Check["status"]): Check => ({
  name,
  status,
  summary: "Seen.",
  details: {},
});

test("warnings are fine, a failure exits with 1, and a codex that cannot be used with 3", () => {
  expect(verdictOf([check("node", "ok"), check("login", "warn")])).toBe(0);
  expect(verdictOf([check("node", "ok"), check("sandbox", "fail")])).toBe(1);
  expect(verdictOf([check("codex-home", "fail"), check("binary", "fail")])).toBe(3);
});

test("a check is a line, its advice a second one", () => {
  const paint = createPaint({ isTTY: false, env: {} });
  expect(renderCheck(check("node", "ok"), paint)).toBe("ok    node        Seen.\n");
  expect(renderCheck({ ...check("app-server", "fail"), advice: "Do it." }, paint)).toBe(
    "fail  app-server  Seen.\n                  Do it.\n",
  );
});
