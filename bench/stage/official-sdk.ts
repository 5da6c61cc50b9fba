import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export const officialVersion = "0.163.0";

/**
 * Installs the official TypeScript SDK in its own folder and returns the path of its module. It is not a dependency of
 * this repository, because it would install a second codex binary, which is omitted here. Only the first run uses the
 * registry.
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
