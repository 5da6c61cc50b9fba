import { delimiter, dirname } from "node:path";
import type { CliHost } from "./cli-host.js";

/**
 * The environment of a codex that talks to a scripted model: this Node and the caller's PATH, with `home` for a home, and
 * nothing else. The caller's proxies above all must not stand between codex and a server on this machine.
 */
export function bareEnvironment(home: string, env: CliHost["env"]): CliHost["env"] {
  if (process.platform === "win32") return env;
  const path = [dirname(process.execPath), env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"].join(delimiter);
  return { PATH: path, HOME: home };
}
