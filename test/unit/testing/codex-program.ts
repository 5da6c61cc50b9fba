import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import { locateBinary } from "../../../src/process/locate/locate-binary.js";
import type { ScriptedModel } from "../../../src/testing/index.js";
import { flattenConfig } from "../../../src/transport/config/flatten-config.js";
import { RpcClient, run, type ProgramResult } from "./start-program.js";

const scratch = scratchFolder("testing");

/** Returns the path of the real binary that is installed with the package. */
export function realCodex(): string {
  return locateBinary({ env: {} }).command;
}

/** Creates an empty folder inside the repository, because codex requires its home outside the system's temporary folder. */
export function workFolder(): string {
  mkdirSync(scratch, { recursive: true });
  const folder = realpathSync(mkdtempSync(join(scratch, "work-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return folder;
}

/** Runs `codex exec --json` of the real binary on a scripted model. */
export async function runCodex(
  model: ScriptedModel,
  prompt: string,
  args: readonly string[] = [],
): Promise<ProgramResult> {
  const { options, cwd } = prepare(model);
  const all = ["exec", "--json", "--skip-git-repo-check", ...options.args, ...args];
  return await run(realCodex(), all, prompt, { env: options.env, cwd });
}

/** Starts the real app-server on a scripted model. */
export async function startCodex(model: ScriptedModel): Promise<RpcClient & { readonly cwd: string }> {
  const { options, cwd } = prepare(model);
  const client = new RpcClient(realCodex(), ["app-server", ...options.args], { env: options.env, cwd });
  await client.open();
  return Object.assign(client, { cwd });
}

function prepare(model: ScriptedModel) {
  const cwd = workFolder();
  const { config, env } = model.codexOptions({ codexHome: workFolder() });
  const args = Object.entries(flattenConfig(config)).flatMap(([key, value]) => [
    "-c",
    `${key}=${JSON.stringify(value)}`,
  ]);
  return { options: { args, env }, cwd };
}
