// `npm run examples`: checks that every examples/<story>/main.ts compiles against the built package and ends with exit
// code 0, in a new git repository with the files of its `project/`, if it has one. codex uses a scripted model with the
// `steps` of the story's `model.ts`, configured in its CODEX_HOME, so that the program itself is that of a user. vitest
// runs the tests of a story before its program. `npm run examples -- many-threads` runs one story.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createScriptedModel, type ScriptEntry } from "../src/testing/index.js";
import { readFiles, root } from "./house/read-files.js";
import { makeProgramHome, runProgram, type ProgramResult } from "./run-program.js";

const folder = join(root, "examples");
const wanted = process.argv.slice(2);
const stories = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();

const failures = compiles() ? [] : ["the examples do not compile"];
if (failures.length === 0) {
  for (const story of stories) {
    const started = performance.now();
    const { problem, output } = await runStory(story);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${problem === null ? "ok  " : "FAIL"} ${story.padEnd(20)} ${seconds.padStart(5)} s`);
    if (problem === null) continue;
    console.log(`${problem}\n${output}`);
    failures.push(story);
  }
}
console.log(`${stories.length} examples, ${failures.length} failures`);
process.exitCode = failures.length === 0 && stories.length > 0 ? 0 : 1;

function compiles(): boolean {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  return spawnSync(process.execPath, [tsc, "-p", folder], { cwd: root, stdio: "inherit" }).status === 0;
}

async function runStory(story: string): Promise<ProgramResult> {
  const files = await readdir(join(folder, story));
  if (!files.some((file) => file.endsWith(".test.ts"))) return runMain(story);
  const tests = runTests(story);
  return tests.problem === null && files.includes("main.ts") ? runMain(story) : tests;
}

function runTests(story: string): ProgramResult {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const options = { cwd: root, encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, "run", "--root", folder, `${story}/`],
    options,
  );
  return { problem: status === 0 ? null : "its tests fail", output: `${stdout}${stderr}` };
}

async function runMain(story: string): Promise<ProgramResult> {
  const [program, script] = ["main.ts", "model.ts"].map((file) => join(folder, story, file)) as [string, string];
  const missing = [program, script].filter((file) => !existsSync(file));
  if (missing.length > 0) return { problem: `has no ${missing.join(", ")}`, output: "" };
  const { steps } = (await import(pathToFileURL(script).href)) as { steps: readonly ScriptEntry[] };
  const files = await readFiles(join("examples", story, "project"), [".mjs", ".md", ".json"]);
  const model = await createScriptedModel(steps, { strict: false });
  try {
    const result = await runProgram(program, await makeProgramHome(`example-${story}`, files, model));
    return result.problem === null ? await afterwards(model.assertDone(), result) : result;
  } finally {
    await model.close();
  }
}

async function afterwards(assertion: Promise<void>, result: ProgramResult): Promise<ProgramResult> {
  try {
    await assertion;
    return result;
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), output: result.output };
  }
}
