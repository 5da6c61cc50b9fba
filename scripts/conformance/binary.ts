import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { codexOf } from "../codex-store.js";

/** A codex binary and its version. */
export interface Binary {
  readonly path: string;
  readonly version: string;
}

/** Returns the binary of a version or of npm's `latest`, which is downloaded if it is missing, or the binary at a path. */
export async function findBinary(versionOrPath: string): Promise<Binary> {
  const wanted = versionOrPath === "latest" ? await newestVersion() : versionOrPath;
  const path = /^\d+\.\d+\.\d+/.test(wanted) ? await codexOf(wanted) : wanted;
  const { stdout } = await promisify(execFile)(path, ["--version"]);
  const version = /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`${path} is not codex: ${JSON.stringify(stdout)}`);
  return { path, version };
}

/** Returns the version that npm installs by default. */
async function newestVersion(): Promise<string> {
  const shell = process.platform === "win32";
  const { stdout } = await promisify(execFile)("npm", ["view", "@openai/codex", "version"], { shell });
  return stdout.trim();
}
