import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CliHost } from "../cli-host.js";
import { runProgram } from "../run-program.js";
import { commitAll, readDiff } from "./git-repository.js";

/** The names and lines that the script of the demo's model uses. */
export const demoFacts = {
  source: "sum.js",
  testCommand: "node --test",
  wrongLine: "  for (let index = 1; index < numbers.length; index += 1) {\n",
  rightLine: "  for (let index = 0; index < numbers.length; index += 1) {\n",
} as const;

const testFile = "sum.test.js";
const testTimeoutMs = 60_000;

const files: Readonly<Record<string, string>> = {
  "package.json": `${JSON.stringify({ name: "codexkit-demo", private: true, type: "module" }, null, 2)}\n`,
  [demoFacts.source]: `/** Adds numbers. */
export function sum(numbers) {
  let total = 0;
${demoFacts.wrongLine}    total += numbers[index];
  }
  return total;
}
`,
  [testFile]: `import assert from "node:assert/strict";
import { test } from "node:test";
import { sum } from "./${demoFacts.source}";

test("sum adds every number", () => {
  assert.equal(sum([1, 2, 3]), 6);
});
`,
};

/** A tiny JavaScript project with a bug and a failing test, in its own git repository. */
export interface DemoProject {
  readonly directory: string;
  /** Restores the original test file and runs it. */
  test(): Promise<TestRun>;
  /** Returns the changes since the project was created, committed or not. */
  diff(): Promise<string>;
}

export interface TestRun {
  readonly command: string;
  /** Null if the test did not end in time. */
  readonly exitCode: number | null;
  readonly passed: boolean;
}

export async function createDemoProject(directory: string, host: CliHost): Promise<DemoProject> {
  await mkdir(directory);
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  const start = await commitAll(directory, host);
  return { directory, test: () => runTest(directory, host), diff: () => readDiff(directory, { start, host }) };
}

async function runTest(directory: string, { env, signal }: CliHost): Promise<TestRun> {
  await writeFile(join(directory, testFile), files[testFile] ?? "");
  const options = { cwd: directory, env: withoutNodeSettings(env), signal, timeoutMs: testTimeoutMs };
  const { exitCode } = await runProgram(process.execPath, ["--test"], options);
  return { command: demoFacts.testCommand, exitCode, passed: exitCode === 0 };
}

/** Removes `NODE_TEST_CONTEXT` and similar variables, which would attach the test to a test run of the caller. */
function withoutNodeSettings(env: CliHost["env"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith("NODE_")));
}
