import { delimiter, dirname } from "node:path";
import type { CliHost } from "./cli-host.js";

/**
 * Returns the environment for a codex with a scripted model: this Node, the caller's PATH and `home` as the home. Other
 * variables are left out, because a proxy of the caller must not come between codex and a server on this machine.
 */
export function bareEnvironment(home: string, env: CliHost["env"]): CliHost["env"] {
  if (process.platform === "win32") return env;
  const path = [dirname(process.execPath), env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"].join(delimiter);
  return { PATH: path, HOME: home };
}
