import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";

/** Runs Node with these arguments and a minimal environment. Returns the output of the sample program. */
export async function runSample(args: readonly string[], cwd: string): Promise<unknown> {
  const env = { PATH: "/usr/bin:/bin", HOME: cwd, IMAGE: join(import.meta.dirname, "pixel.png") };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env, timeout: 30_000 });
  return JSON.parse(stdout);
}

/** Returns the output of the sample program if it found and ran the stand-in for codex in the `node_modules` of this folder. */
export function foundIn(folder: string): Record<string, unknown> {
  const path: unknown = expect.stringMatching(
    `^${folder.replaceAll(".", "\\.")}/node_modules/@openai/codex-[^/]*/vendor/`,
  );
  return { path, source: "package", finalResponse: path, binaryPath: path, version: "0.169.0" };
}
