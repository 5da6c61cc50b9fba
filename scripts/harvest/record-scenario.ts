import { mkdir, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Codex, type TransportName } from "../../src/index.js";
import { createRecorder, createScriptedModel, type Recorder } from "../../src/testing/index.js";
import { bareEnvironment } from "../../src/cli/bare-environment.js";
import { CliError } from "../../src/cli/cli-error.js";
import type { HarvestHost } from "./harvest-host.js";
import { runProgram } from "../../src/cli/run-program.js";
import type { Scenario } from "./scenario.js";
import { createStage } from "./stage.js";

export interface RecordOptions {
  readonly transport: TransportName;
  /** A new folder of this run, for codex's files and the work tree. */
  readonly folder: string;
  readonly codexPath: string | undefined;
  readonly host: HarvestHost;
}

/** Runs a scenario on the real codex with a scripted model, and returns the text of the recording. */
export async function recordScenario(scenario: Scenario, options: RecordOptions): Promise<string> {
  const { transport, folder, codexPath, host } = options;
  const codexHome = join(folder, "home");
  const workTree = await makeWorkTree(join(folder, "tree"), { scenario, host });
  await using model = await createScriptedModel(scenario.model());
  using recorder = createRecorder({
    file: join(folder, "recording.jsonl"),
    directory: join(folder, "bin"),
    codexPathOverride: codexPath,
    replace: {
      [workTree]: "/work-tree",
      [codexHome]: "/codex-home",
      [folder]: "/scratch",
      [model.baseUrl]: recordedBaseUrl,
      [tmpdir()]: "/tmp",
      ...elsewhere(host),
    },
  });
  const codexOptions = model.codexOptions({
    codexHome,
    env: bareEnvironment(codexHome, host.env),
    config: { ...everyConfig, ...scenario.config },
  });
  await using stage = createStage({
    transport,
    workTree,
    open: () =>
      new Codex({
        ...codexOptions,
        transport,
        codexPathOverride: recorder.codexPathOverride,
        allowWritableBinary: true,
      }),
    kill: () => killLast(recorder),
    notified: (method, count = 1) => untilNotified(recorder, { method, count, signal: host.signal }),
  });
  await scenario.play(stage);
  await stage[Symbol.asyncDispose]();
  return withoutHost(recorder);
}

/** The working directory of codexkit, unless it is the root folder. */
function elsewhere({ cwd }: HarvestHost): Record<string, string> {
  return cwd.length > 1 ? { [cwd]: "/checkout" } : {};
}

/** The address of the scripted model in a recording. */
export const recordedBaseUrl = "http://127.0.0.1/v1";

/** The configuration of every scenario. */
export const everyConfig = { model_reasoning_summary: "detailed", tools: { update_plan: { enabled: true } } };

/** Makes a new repository: otherwise codex finds that of the parent folders, with its AGENTS.md. */
async function makeWorkTree(
  path: string,
  { scenario, host }: { readonly scenario: Scenario; readonly host: HarvestHost },
): Promise<string> {
  await mkdir(path, { recursive: true });
  const { env, signal } = host;
  const { exitCode, stderr } = await runProgram("git", ["init", "--quiet", path], { env, signal, timeoutMs: 30_000 });
  if (exitCode !== 0) {
    throw new CliError("environment", `git cannot make a repository: ${stderr.trim()}`, { advice: "Install git." });
  }
  for (const [name, text] of Object.entries(scenario.files ?? {})) await writeFile(join(path, name), text);
  return path;
}

function killLast(recorder: Recorder): void {
  const last = recorder.read().processes.at(-1);
  if (last !== undefined) process.kill(last.start.pid, "SIGKILL");
}

/** Messages that belong to no turn are visible in the recording only. */
async function untilNotified(
  recorder: Recorder,
  { method, count, signal }: { readonly method: string; readonly count: number; readonly signal: AbortSignal },
): Promise<void> {
  const marker = `"json":{"method":${JSON.stringify(method)}`;
  const deadline = performance.now() + 60_000;
  const seen = (): number => recorder.text().split(marker).length - 1;
  while (seen() < count) {
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      throw new CliError("failed", `codex did not send ${method}.`, { advice: "Run `codexkit doctor`." });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Removes the name of this machine, which the app-server reports, and the folders above the work tree. */
function withoutHost(recorder: Recorder): string {
  return recorder
    .text()
    .replaceAll(`"serverName":${JSON.stringify(hostname())}`, '"serverName":"host"')
    .replaceAll(untrustedFolders, '"projects":{$1}')
    .replaceAll(untrustedFoldersOnArgv, "projects={ $1 }");
}

/** `projects` names the work tree, which stays, and then every folder above it. */
const entry = String.raw`"[^"]+":\{"trust_level":"untrusted"\}`;
const untrustedFolders = new RegExp(`"projects":\\{(${entry})(?:,${entry})*\\}`, "g");
const entryOnArgv = String.raw`\\"[^"]+" = \{ trust_level = \\"untrusted\\" \}`;
const untrustedFoldersOnArgv = new RegExp(`projects=\\{ (${entryOnArgv})(?:, ${entryOnArgv})* \\}`, "g");
