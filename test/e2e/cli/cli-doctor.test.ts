import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CliPlace, createCliPlace, runCli } from "./cli-process.js";

const containing = (text: string): unknown => expect.stringContaining(text);
const anyNumber: unknown = expect.any(Number);

const silentProgram = process.platform === "darwin" ? "/usr/bin/false" : "/bin/false";

test("codexkit doctor runs the sandbox and reports a new home with one warning, for the missing login", async () => {
  const place = createCliPlace();
  const { exitCode, report } = await diagnose([], place);
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ ok: true });
  expect(statuses(report)).toEqual({
    node: "ok",
    git: "ok",
    binary: "ok",
    version: "ok",
    "codex-home": "ok",
    tmpdir: "ok",
    "app-server": "ok",
    config: "ok",
    provider: "ok",
    mcp: "ok",
    trust: "ok",
    login: "warn",
    sandbox: "ok",
  });
  expect(detailsOf(report, "binary")).toMatchObject({ source: "package", path: containing("codex") });
  expect(detailsOf(report, "app-server")).toMatchObject({
    handshakeMs: anyNumber,
    codexHome: place.codexHome,
  });
  expect(detailsOf(report, "sandbox")).toEqual({ read: true, refusedWrite: true, allowedWrite: true });
  expect(await readdir(place.cwd)).toEqual([]);
});

test("codexkit doctor reports the kind of a login and the name of a key in the environment, without the secret", async () => {
  const place = createCliPlace();
  const secret = "sk-planted-0123456789abcdef";
  const first = await diagnose([], place, { CODEX_API_KEY: secret });
  expect(detailsOf(first.report, "login")).toMatchObject({ account: null, keysInEnvironment: ["CODEX_API_KEY"] });
  await writeFile(join(place.codexHome, "auth.json"), JSON.stringify({ OPENAI_API_KEY: secret }));
  const second = await diagnose([], place);
  expect(statuses(second.report)).toMatchObject({ login: "ok" });
  expect(detailsOf(second.report, "login")).toMatchObject({ account: "apiKey" });
  expect([first.output, second.output].join("")).not.toContain(secret);
});

test("[A7.3] [N] codexkit doctor names a missing key of the provider and a broken MCP server", async () => {
  const place = createCliPlace();
  const config = [
    'model_provider = "mine"',
    '[model_providers.mine]\nname = "mine"\nbase_url = "http://127.0.0.1:9/v1"\nenv_key = "MY_KEY"',
    '[mcp_servers.broken]\ncommand = "/no/such/program"',
    '[mcp_servers.off]\ncommand = "/no/such/program"\nenabled = false',
  ].join("\n");
  await writeFile(join(place.codexHome, "config.toml"), config);
  const { report } = await diagnose([], place);
  expect(statuses(report)).toMatchObject({ provider: "fail", mcp: "warn" });
  expect(detailsOf(report, "provider")).toEqual({ provider: "mine", envKey: "MY_KEY" });
  expect(detailsOf(report, "mcp")).toEqual({ failed: ["broken"] });
  const withKey = await diagnose([], place, { MY_KEY: "planted-value" });
  expect(statuses(withKey.report)).toMatchObject({ provider: "ok" });
  expect(withKey.output).not.toContain("planted-value");
});

test("codexkit doctor prints a line for each check, and its advice", async () => {
  const { exitCode, stdout } = await runCli(["doctor"], createCliPlace());
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ok {4}binary {6}codex \d+\.\d+\.\d+ at .*, from the npm package @openai\/codex\.$/m);
  expect(stdout).toMatch(/^warn {2}login {7}Codex is not logged in\.\n {18}Run `codex login`/m);
  expect(stdout).not.toContain("\u001b");
});

test("codexkit doctor exits with 3 if the binary of --codex-path is missing, and omits the checks that need it", async () => {
  const place = createCliPlace();
  const missing = join(place.cwd, "no-codex");
  const { exitCode, report } = await diagnose(["--codex-path", missing], place);
  expect(exitCode).toBe(3);
  expect(statuses(report)).toEqual({ node: "ok", git: "ok", binary: "fail", "codex-home": "ok", tmpdir: "ok" });
  expect(checkOf(report, "binary")).toMatchObject({
    summary: containing(missing),
    advice: containing("npm install @openai/codex"),
  });
});

test("codexkit doctor exits with 3 if the binary of --codex-path is not codex", async () => {
  const { exitCode, report } = await diagnose(["--codex-path", silentProgram], createCliPlace());
  expect(exitCode).toBe(3);
  expect(checkOf(report, "binary")).toMatchObject({
    status: "fail",
    summary: containing("does not respond like codex"),
    details: { path: silentProgram, source: "option" },
  });
});

test("codexkit doctor warns of a codex outside the tested range", async () => {
  const place = createCliPlace();
  const old = join(place.cwd, "codex");
  await writeFile(old, '#!/bin/sh\n[ "$1" = --version ] && echo codex-cli 0.1.0\n');
  await chmod(old, 0o755);
  const { exitCode, report } = await diagnose(["--codex-path", old], place);
  expect(exitCode).toBe(1);
  expect(statuses(report)).toMatchObject({ binary: "ok", version: "warn", "app-server": "fail" });
  expect(statuses(report)).not.toHaveProperty("sandbox");
});

test("[T1] codexkit doctor lists the folders that codex's configuration trusts", async () => {
  const place = createCliPlace();
  const entry = (folder: string, level: string): string => `[projects."${folder}"]\ntrust_level = "${level}"\n`;
  const config = entry("/a/b.c", "trusted") + entry("/d", "untrusted");
  await writeFile(join(place.codexHome, "config.toml"), config);
  const { exitCode, report } = await diagnose([], place);
  expect(exitCode).toBe(0);
  expect(checkOf(report, "trust")).toMatchObject({ status: "warn", summary: containing("/a/b.c") });
  expect(detailsOf(report, "trust")).toEqual({ trusted: ["/a/b.c"] });
});

test("codexkit doctor fails on a configuration that codex cannot read", async () => {
  const place = createCliPlace();
  await writeFile(join(place.codexHome, "config.toml"), "model = 3\n");
  const { exitCode, report } = await diagnose([], place);
  expect(exitCode).toBe(1);
  expect(checkOf(report, "config")).toMatchObject({
    status: "fail",
    summary: containing("expected a string"),
  });
});

test("codexkit doctor fails on a CODEX_HOME that does not exist, before it starts codex", async () => {
  const place = createCliPlace();
  const { exitCode, report } = await diagnose([], { ...place, codexHome: join(place.cwd, "nowhere") });
  expect(exitCode).toBe(1);
  expect(statuses(report)).toMatchObject({ binary: "ok", "codex-home": "fail", "app-server": "fail" });
});

async function diagnose(args: readonly string[], place: CliPlace, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await runCli(["doctor", "--json", ...args], place, env);
  const report: unknown = JSON.parse(stdout);
  return { exitCode, report, output: stdout + stderr };
}

function checksOf(report: unknown): readonly object[] {
  const checks: unknown = typeof report === "object" && report !== null && "checks" in report ? report.checks : [];
  const values: readonly unknown[] = Array.isArray(checks) ? checks : [];
  return values.filter((value) => typeof value === "object" && value !== null);
}

function statuses(report: unknown): Record<string, unknown> {
  return Object.fromEntries(
    checksOf(report).map((check) => [
      "name" in check ? String(check.name) : "",
      "status" in check ? check.status : null,
    ]),
  );
}

function checkOf(report: unknown, name: string): object | undefined {
  return checksOf(report).find((check) => "name" in check && check.name === name);
}

function detailsOf(report: unknown, name: string): unknown {
  const check = checkOf(report, name);
  return check !== undefined && "details" in check ? check.details : undefined;
}
