// `npm run examples`: every examples/<story>/main.ts compiles against the built package and ends with exit code 0. Where the
// story has a `model.ts` that exports `steps`, codex talks to a scripted model with these steps, set up in its CODEX_HOME, so
// that the program itself is what a user would write; without one the program brings its own model.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "smol-toml";
import { createScriptedModel, type ScriptEntry } from "../src/testing/index.js";
import { root } from "./house/read-files.js";
import { makeProgramHome, runProgram, type ProgramResult } from "./run-program.js";

const folder = join(root, "examples");
const stories = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const failures = stories.length > 0 && !compiles() ? ["the examples do not compile"] : [];
if (failures.length === 0) {
  for (const story of stories) {
    const { problem, output } = await runStory(story);
    console.log(`${problem === null ? "ok  " : "FAIL"} ${story}${problem === null ? "" : `: ${problem}\n${output}`}`);
    if (problem !== null) failures.push(story);
  }
}
console.log(`${stories.length} examples, ${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;

function compiles(): boolean {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  return spawnSync(process.execPath, [tsc, "-p", folder], { cwd: root, stdio: "inherit" }).status === 0;
}

async function runStory(story: string): Promise<ProgramResult> {
  const program = join(folder, story, "main.ts");
  if (!existsSync(program)) return { problem: "has no main.ts", output: "" };
  const home = await makeProgramHome(`example-${story}`);
  const script = join(folder, story, "model.ts");
  if (!existsSync(script)) return runProgram(program, home);
  const { steps } = (await import(pathToFileURL(script).href)) as { steps: readonly ScriptEntry[] };
  const model = await createScriptedModel(steps, { strict: false });
  try {
    const { config, env } = model.codexOptions({ codexHome: join(home, ".codex"), env: {} });
    await writeFile(join(home, ".codex", "config.toml"), stringify(config));
    const result = await runProgram(program, home, env);
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
