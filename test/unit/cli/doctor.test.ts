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
  test("is reported with its version", async () => {
    expect(await checkGit(createTestHost())).toMatchObject({
      status: "ok",
      details: { version: matching(/^\d/) },
    });
  });

  test("is a warning if it is missing, because codexkit itself does not need it", async () => {
    const check = await checkGit(createTestHost({ env: { PATH: createWorkFolder() } }));
    expect(check).toMatchObject({ status: "warn", advice: containing("Install git") });
  });
});

describe("CODEX_HOME", () => {
  test("is ok if it is writable, and the check leaves no file in it", async () => {
    const home = createWorkFolder();
    expect(await checkCodexHome({ env: { CODEX_HOME: home }, cwd: "/" })).toMatchObject({
      status: "ok",
      details: { path: home, source: "CODEX_HOME" },
    });
    expect(await readdir(home)).toEqual([]);
  });

  test("fails if it does not exist or is a file, because codex does not start then", async () => {
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
  const works = { read: true, refusedWrite: true, allowedWrite: true, complaint: "" };

  test("is ok if it allows reads, refuses writes and allows permitted writes", () => {
    expect(judgeSandbox(works).status).toBe("ok");
  });

  test.each([
    ["no command runs", { read: false, complaint: "no user namespaces" }, /no user namespaces/],
    ["a read-only command writes", { refusedWrite: false }, /read-only sandbox let/],
    ["no command may write where it should", { allowedWrite: false, complaint: "EROFS" }, /EROFS/],
  ])("fails if %s", (_case, findings, summary) => {
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

test("the exit code is 0 with warnings, 1 with a failure, and 3 with an unusable codex", () => {
  expect(verdictOf([check("node", "ok"), check("login", "warn")])).toBe(0);
  expect(verdictOf([check("node", "ok"), check("sandbox", "fail")])).toBe(1);
  expect(verdictOf([check("codex-home", "fail"), check("binary", "fail")])).toBe(3);
});

test("prints a check as a line, and its advice as a second line", () => {
  const paint = createPaint({ isTTY: false, env: {} });
  expect(renderCheck(check("node", "ok"), paint)).toBe("ok    node        Seen.\n");
  expect(renderCheck({ ...check("app-server", "fail"), advice: "Do it." }, paint)).toBe(
    "fail  app-server  Seen.\n                  Do it.\n",
  );
});
