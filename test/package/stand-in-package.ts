import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "../../scripts/house/read-files.js";
import { codexTarget } from "../../src/process/locate/codex-package.js";

/** `@openai/codex` and its package for this platform, laid out as npm has them, with a small program for the binary. */
export async function writeStandIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const target = codexTarget(process.platform, process.arch);
  if (target === undefined) throw new Error(`codex is not made for ${process.platform} on ${process.arch}`);
  const main = join(folder, "codex");
  const platform = join(folder, "platform");
  const version = "0.169.0";
  await write(join(main, "package.json"), JSON.stringify({ name: "@openai/codex", version }));
  await write(join(platform, "package.json"), JSON.stringify({ name: target.packageName, version }));
  const program = await readFile(join(root, "test/agents/stand-in-codex.mjs"), "utf8");
  const executable = join(platform, "vendor", target.triple, "bin", target.executable);
  await write(executable, program.replace(/^#!.*/, `#!${process.execPath}`), 0o755);
  return { "@openai/codex": main, [target.packageName]: platform };
}

async function write(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode });
}
