import { spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import { canFindSurvivors } from "../../../scripts/check/end-survivors.js";
import { findSurvivors, suiteVariable } from "../../../scripts/check/find-survivors.js";
import type { Gate } from "../../../scripts/check/gates.js";
import { listProcesses, type LivingProcess } from "../../../scripts/check/process-list.js";
import type { GateResult } from "../../../scripts/check/run-gate.js";
import { runSuite } from "../../../scripts/check/run-suite.js";

const suite = { id: "suite", pid: 10, root: "/checkout" };
const home = "HOME=/home/me";

/** The processes init > shell > suite > gate, and those of a case. */
function table(...more: readonly (Partial<LivingProcess> & { readonly pid: number })[]): LivingProcess[] {
  const defaults = { ppid: 1, startTicks: 200, commandLine: "", environment: [], workingDirectory: "/" };
  return [
    { ...defaults, pid: 1, ppid: 0, startTicks: 0 },
    { ...defaults, pid: 9, startTicks: 50, environment: [home], workingDirectory: "/checkout" },
    { ...defaults, pid: 10, ppid: 9, startTicks: 100, environment: [home], workingDirectory: "/checkout" },
    ...more.map((entry) => ({ ...defaults, ...entry })),
  ];
}

const pidsOf = (processes: readonly LivingProcess[], gate?: string): number[] =>
  findSurvivors(processes, suite, { gate }).map(({ pid }) => pid);

describe("a survivor of the suite is", () => {
  test("a process with its variable, in any folder, named by its gate", () => {
    const processes = table(
      { pid: 20, environment: [home, `${suiteVariable}=suite/test:e2e`] },
      { pid: 21, environment: [`${suiteVariable}=suite/lint`], workingDirectory: null },
      { pid: 22, environment: [`${suiteVariable}=other/test:e2e`, home], workingDirectory: "/checkout" },
    );
    expect(findSurvivors(processes, suite).map(({ pid, gate }) => [pid, gate])).toEqual([
      [20, "test:e2e"],
      [21, "lint"],
    ]);
    expect(pidsOf(processes, "lint")).toEqual([21]);
  });

  test("an orphan with another environment that works in the checkout, also in a removed folder", () => {
    const orphans = [
      { pid: 20, workingDirectory: "/checkout/.tmp/x (deleted)" },
      { pid: 21, ppid: 20, workingDirectory: "/checkout", environment: ["CODEXKIT_RUN_1=1"] },
    ];
    expect(pidsOf(table(...orphans))).toEqual([20, 21]);
    expect(pidsOf(table(...orphans), "lint")).toEqual([]);
  });
});

test.each<[string, readonly (Partial<LivingProcess> & { readonly pid: number })[]]>([
  ["what is older than the suite", [{ pid: 20, startTicks: 99, workingDirectory: "/checkout" }]],
  ["what works elsewhere", [{ pid: 20, workingDirectory: "/checkout-2" }]],
  ["what still has a parent in the suite", [{ pid: 20, ppid: 10, workingDirectory: "/checkout" }]],
  [
    "another person's program, and what that started",
    [
      { pid: 20, environment: [home], workingDirectory: "/checkout" },
      { pid: 21, ppid: 20, workingDirectory: "/checkout" },
    ],
  ],
  [
    "a daemon of a codex that another program runs",
    [
      { pid: 20, environment: [home], workingDirectory: "/checkout" },
      { pid: 21, ppid: 20, environment: ["CODEXKIT_RUN_1=1"], workingDirectory: "/checkout" },
      { pid: 22, environment: ["CODEXKIT_RUN_1=1"], workingDirectory: "/checkout" },
    ],
  ],
  ["init, the suite and its ancestors", []],
])("no survivor is %s", (_what, processes) => {
  expect(pidsOf(table(...processes))).toEqual([]);
});

describe.skipIf(!canFindSurvivors)("a suite whose gate leaves a process behind", { timeout: 30_000 }, () => {
  test("fails, names pid, command line and gate, and ends the process", async () => {
    const seconds = String(randomInt(1e9, 1e10));
    const seed = `spawn("sleep", ["${seconds}"], { detached: true, stdio: "ignore" }).unref();`;
    const results = await runProgram(`import { spawn } from "node:child_process";\n${seed}`);
    const { leaky, survivors } = results;
    expect(leaky).toMatchObject({ passed: false });
    expect(leaky?.output).toMatch(new RegExp(`survivor: pid \\d+ \\(started by leaky\\): sleep ${seconds}`));
    expect(survivors).toMatchObject({ passed: true });
    expect(sleepersOf(seconds)).toEqual([]);
  });

  test("also fails if the process has another environment and keeps the gate's output open", async () => {
    const seconds = String(randomInt(1e9, 1e10));
    const seed = `spawn("sleep", ["${seconds}"], { detached: true, stdio: "inherit", env: {} }).unref();`;
    const { leaky } = await runProgram(`import { spawn } from "node:child_process";\n${seed}`);
    expect(leaky).toMatchObject({ passed: false });
    expect(leaky?.output).toMatch(new RegExp(`survivor: pid \\d+ \\(orphan in .*\\): sleep ${seconds}`));
    expect(sleepersOf(seconds)).toEqual([]);
  });

  test("passes if every process ends", async () => {
    const { leaky, survivors } = await runProgram(`console.log("nothing left");`);
    expect([leaky?.passed, survivors?.passed]).toEqual([true, true]);
    expect(leaky?.output).toContain("nothing left");
  });
});

/** Runs a suite of one gate, `leaky`, in a new folder. The suite's process takes the place of `npm run check`. */
async function runProgram(program: string): Promise<Partial<Record<string, GateResult>>> {
  const folder = scratchFolder("unit", `survivors-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ scripts: { leaky: "node leaky.mjs" } }));
  await writeFile(join(folder, "leaky.mjs"), program);
  const gates: Gate[] = [{ name: "leaky", alone: true, timeoutSeconds: 8 }];
  const results = await runSuite(gates, {
    suite: { id: randomUUID(), pid: process.pid, root: folder },
    signal: new AbortController().signal,
    report: () => undefined,
  });
  return Object.fromEntries(results.map((result) => [result.gate.name, result]));
}

function sleepersOf(seconds: string): number[] {
  return listProcesses()
    .filter(({ commandLine }) => commandLine === `sleep ${seconds}`)
    .map(({ pid }) => pid);
}

test.skipIf(!canFindSurvivors)("the list contains a new process with its parent, folder and environment", () => {
  const child = spawn("sleep", ["60"], { cwd: "/", env: { A: "1" }, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const entry = listProcesses().find(({ pid }) => pid === child.pid);
  const own = listProcesses().find(({ pid }) => pid === process.pid);
  expect(entry).toMatchObject({ ppid: process.pid, workingDirectory: "/" });
  expect(entry?.environment).toContain("A=1");
  expect(entry?.startTicks ?? 0).toBeGreaterThan(own?.startTicks ?? Infinity);
});
