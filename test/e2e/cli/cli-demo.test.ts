import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "smol-toml";
import { describe, expect, test } from "vitest";
import { resolveCodex } from "../../../src/index.js";
import { createScriptedModel, functionCall, message, respond } from "../../../src/testing/index.js";
import { demoFacts } from "../../../src/cli/demo/demo-project.js";
import { createDemoScript } from "../../../src/cli/demo/demo-script.js";
import { createCliPlace, endOf, parseLines, runCli, startCli } from "./cli-process.js";

const containing = (text: string): unknown => expect.stringContaining(text);
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const anyText: unknown = expect.any(String);
const accepted = { decision: "accept", by: "rule", reason: anyText };
/** Git's folder is not writable in the sandbox, so a commit proves that the approval had an effect. */
const commit = [
  "run      git commit --all --message 'Count the first number, too'",
  "asks     for the command git commit --all --message 'Count the first number, too': Git's own folder cannot be written in the sandbox.",
  "decided  accept, by a rule: commits are fine in the demo's own repository",
  "exit     0",
];

describe.each(["app-server", "exec"])("codexkit demo --transport %s", (transport) => {
  test("runs the real codex on a repository and prints each step as a line without colours", async () => {
    const place = createCliPlace();
    const { exitCode, stdout, stderr } = await runCli(["demo", "--transport", transport], place);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).not.toContain("\u001b");
    const printed = stdout.match(/^(run|exit|patch|turn|test|call|tool|asks|decided) +.*/gm);
    expect(printed?.map((line) => line.replace(/ \(\d+ ms\)$/, ""))).toEqual([
      "call     read_ticket",
      "tool     read_ticket: success",
      "run      cat sum.js",
      "exit     0",
      "run      node --test",
      "exit     1",
      "patch    update sum.js",
      "run      node --test",
      "exit     0",
      ...(transport === "app-server" ? commit : []),
      "call     close_ticket",
      'asks     for the tool close_ticket({"id":7,"comment":"The loop in sum.js begins at 0 now."})',
      "decided  accept, by a rule: the ticket is the demo's own",
      "tool     close_ticket: success",
      "turn     completed",
      "test     `node --test` passes",
    ]);
    expect(stdout).toContain(`         -${demoFacts.wrongLine}         +${demoFacts.rightLine}`);
    expect(stdout).toMatch(transport === "app-server" ? /^usage +13000 tokens in/m : /^usage +11100 tokens in/m);
    expect(await readdir(place.cwd)).toEqual([]);
    expect(await readdir(place.codexHome)).toEqual([]);
  });

  test("with --json prints only the events and the result, one JSON object a line", async () => {
    const { exitCode, stdout, stderr } = await runCli(["demo", "--json", "--transport", transport], createCliPlace());
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const values = parseLines(stdout);
    const types = values.map((value) => field(value, "type"));
    // In a clone under the temporary folder, a warning comes first.
    expect(types.find((type) => type !== "codexkit.warning")).toBe("thread.started");
    expect(types.slice(-2)).toEqual(["turn.completed", "codexkit.demo.result"]);
    expect(types.includes("item.agentMessage.delta")).toBe(transport === "app-server");
    const commands = values
      .filter((value) => field(value, "type") === "item.completed")
      .map((value) => field(value, "item"))
      .filter((item) => field(item, "type") === "commandExecution");
    expect(commands.map((item) => field(item, "exitCode"))).toEqual(
      transport === "app-server" ? [0, 1, 0, 0] : [0, 1, 0],
    );
    expect(values.at(-1)).toMatchObject({
      ok: true,
      exitCode: 0,
      mode: "scripted",
      transport,
      codex: { version: matching(/^\d+\.\d+\.\d+/), path: anyText },
      status: "completed",
      finalResponse: containing("It begins at 0 now"),
      usage: { turn: transport === "app-server" ? { inputTokens: 13000 } : { inputTokens: 11100 } },
      tools: [
        { tool: "read_ticket", outcome: "success" },
        { tool: "close_ticket", outcome: "success" },
      ],
      approvals: [
        ...(transport === "app-server" ? [{ ...accepted, kind: "command", subject: containing("git commit") }] : []),
        { ...accepted, kind: "tool", subject: containing("close_ticket") },
      ],
      diff: containing(`+${demoFacts.rightLine}`),
      test: { command: "node --test", exitCode: 0, passed: true },
      directory: null,
      error: null,
    });
  });

  test("exits with 130 and without leftovers if it is interrupted", async () => {
    const place = createCliPlace();
    const child = startCli(["demo", "--json", "--transport", transport], place);
    child.stdout?.on("data", (chunk: Buffer) => {
      if (!child.killed && chunk.includes('"commandExecution"')) child.kill("SIGINT");
    });
    const { exitCode, stdout, stderr } = await endOf(child);
    expect(exitCode).toBe(130);
    const result = parseLines(stdout).at(-1);
    expect(result).toMatchObject({
      type: "codexkit.demo.result",
      ok: false,
      exitCode: 130,
      error: { code: "ABORTED" },
    });
    expect(result).toMatchObject({ threadId: anyText, finalResponse: null, diff: null, test: null });
    expect(stderr).toMatch(/^codexkit: ABORTED: /);
    expect(await readdir(place.cwd)).toEqual([]);
  });
});

test.each([
  ["app-server", ["Count the first number, too", "A project with a bug"]],
  ["exec", ["A project with a bug"]],
])("codexkit demo --keep on %s keeps the repository with its fix and prints the folder", async (transport, commits) => {
  const place = createCliPlace();
  await mkdir(join(place.cwd, ".tmp"));
  const { exitCode, stdout } = await runCli(["demo", "--keep", "--transport", transport], place);
  const kept = /^kept +(.*)$/m.exec(stdout)?.[1] ?? "";
  expect(exitCode).toBe(0);
  expect(kept.startsWith(join(place.cwd, ".tmp", "codexkit-demo-"))).toBe(true);
  const project = join(kept, "project");
  expect(await readFile(join(project, demoFacts.source), "utf8")).toContain(demoFacts.rightLine);
  const log = execFileSync("git", ["log", "--format=%s"], { cwd: project, encoding: "utf8" });
  expect(log.trim().split("\n")).toEqual(commits);
});

test("codexkit demo without git exits with 4 and advises to install it", async () => {
  const place = createCliPlace();
  const { exitCode, stderr } = await runCli(["demo"], place, { PATH: place.cwd });
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/^codexkit: git cannot be started: .*ENOENT\n {2}Install git/);
  expect(await readdir(place.cwd)).toEqual([]);
});

test("codexkit demo without a codex exits with 3, and lists the searched places and a result with the reason", async () => {
  const place = createCliPlace();
  const missing = join(place.cwd, "no-codex");
  const { exitCode, stdout, stderr } = await runCli(["demo", "--json"], place, { CODEX_PATH: missing });
  expect(exitCode).toBe(3);
  expect(stderr).toContain(missing);
  expect(parseLines(stdout)).toMatchObject([
    { ok: false, exitCode: 3, codex: null, error: { code: "BINARY_NOT_FOUND" } },
  ]);
});

test("codexkit demo exits with 1 if codex deviates from the script, and reports the deviation", async () => {
  const place = createCliPlace();
  const wrapper = join(place.codexHome, "codex");
  // Without PATH the first command fails.
  const flags = `--config 'shell_environment_policy.inherit="none"'`;
  await writeFile(wrapper, `#!/bin/sh\nexec '${resolveCodex().path}' "$@" ${flags}\n`);
  await chmod(wrapper, 0o755);
  const run = await runCli(["demo", "--json", "--transport", "exec"], place, { CODEX_PATH: wrapper });
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toMatch(/^codexkit: SCRIPT_MISMATCH: [^]*1 violation[^]*cat: (command )?not found/);
  expect(parseLines(run.stdout).at(-1)).toMatchObject({
    ok: false,
    status: "failed",
    error: { code: "SCRIPT_MISMATCH" },
  });
});

test("codexkit demo --live without a login exits with 4 before a model request", async () => {
  const { exitCode, stdout, stderr } = await runCli(["demo", "--live", "--json"], createCliPlace());
  expect(exitCode).toBe(4);
  expect(stderr).toContain("Run `codex login`, or set CODEX_API_KEY");
  expect(parseLines(stdout)).toMatchObject([{ ok: false, mode: "live", threadId: null }]);
});

test("codexkit demo --live without a terminal declines all requests and continues", async () => {
  const place = createCliPlace();
  await using model = await createScriptedModel([
    ...createDemoScript("app-server").slice(0, 6),
    (request) => {
      expect(request.output("commit")).toContain("rejected");
      return respond(functionCall("close_ticket", { id: 7, comment: "Done." }, { callId: "close" }));
    },
    (request) => {
      expect(request.output("close")).toContain("There is no terminal for the question.");
      return respond(message("It is fixed, but not committed."));
    },
  ]);
  const { config, env } = model.codexOptions({ codexHome: place.codexHome, env: {} });
  await writeFile(join(place.codexHome, "config.toml"), stringify(config));
  const { exitCode, stdout, stderr } = await runCli(["demo", "--live", "--json"], place, env);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const declined = { decision: "decline", by: "handler", reason: "There is no terminal for the question." };
  expect(parseLines(stdout).at(-1)).toMatchObject({
    mode: "live",
    tools: [{ outcome: "success" }, { tool: "close_ticket", outcome: "declined" }],
    approvals: [
      { kind: "command", ...declined },
      { kind: "tool", ...declined },
    ],
    finalResponse: "It is fixed, but not committed.",
    test: { passed: true },
  });
});

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
