import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

/** The platform packages of `@openai/codex`, as its `bin/codex.js` lists them. */
const targets: Readonly<Record<string, readonly [packageName: string, triple: string]>> = {
  "linux-x64": ["@openai/codex-linux-x64", "x86_64-unknown-linux-musl"],
  "linux-arm64": ["@openai/codex-linux-arm64", "aarch64-unknown-linux-musl"],
  "darwin-x64": ["@openai/codex-darwin-x64", "x86_64-apple-darwin"],
  "darwin-arm64": ["@openai/codex-darwin-arm64", "aarch64-apple-darwin"],
  "win32-x64": ["@openai/codex-win32-x64", "x86_64-pc-windows-msvc"],
  "win32-arm64": ["@openai/codex-win32-arm64", "aarch64-pc-windows-msvc"],
};

export interface PinnedBinary {
  readonly path: string;
  readonly version: string;
}

/** Returns the native codex binary of the installed `@openai/codex`, found in the same way as by its launcher. */
export function findPinnedBinary(): PinnedBinary {
  const target = targets[`${process.platform}-${process.arch}`];
  if (target === undefined) throw new Error(`no codex binary for ${process.platform} ${process.arch}`);
  const [packageName, triple] = target;
  const require = createRequire(createRequire(import.meta.url).resolve("@openai/codex/package.json"));
  const root = path.dirname(require.resolve(`${packageName}/package.json`));
  const binary = path.join(root, "vendor", triple, "bin", process.platform === "win32" ? "codex.exe" : "codex");
  return { path: binary, version: readVersion(binary) };
}

function readVersion(binary: string): string {
  const { stdout } = spawnSync(binary, ["--version"], { encoding: "utf8" });
  const version = /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`no version in ${JSON.stringify(stdout)}`);
  return version;
}
