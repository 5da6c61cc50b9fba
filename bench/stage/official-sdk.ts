import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export const officialVersion = "0.163.0";

/**
 * The official TypeScript SDK in a folder of its own, and the path of its module. It is no dependency of this repository:
 * it would bring a second codex binary, which is left out here. Only the first run asks the registry.
 */
export async function installOfficialSdk(prefix: string): Promise<string> {
  const module = join(prefix, "node_modules", "@openai", "codex-sdk", "dist", "index.js");
  if (existsSync(module)) return module;
  await mkdir(prefix, { recursive: true });
  await writeFile(join(prefix, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const options = ["--no-save", "--omit=optional", "--ignore-scripts"];
  await promisify(execFile)("npm", ["install", ...options, `@openai/codex-sdk@${officialVersion}`], { cwd: prefix });
  return module;
}
