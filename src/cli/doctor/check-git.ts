import type { CliHost } from "../cli-host.js";
import { runProgram } from "../run-program.js";
import { type Check, checkTimeoutMs } from "./check.js";

/** Whether git can be started. Codex itself does without, but its agents and the demo do not. */
export async function checkGit({ env, signal }: CliHost): Promise<Check> {
  const version = await runProgram("git", ["--version"], { env, signal, timeoutMs: checkTimeoutMs }).then(
    ({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim().replace(/^git version /, "") : null),
    () => null,
  );
  if (version !== null) return { name: "git", status: "ok", summary: `git ${version}.`, details: { version } };
  return {
    name: "git",
    status: "warn",
    summary: "git cannot be started.",
    advice: "Install git, and see that it is on PATH: agents use it all the time, and `codexkit demo` needs it.",
    details: { version: null },
  };
}
