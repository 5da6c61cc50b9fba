import type { CliHost } from "../cli-host.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { checkAppServer } from "./check-app-server.js";
import { type BinaryOptions, checkBinary } from "./check-binary.js";
import { checkCodexHome, checkGit, checkTemporaryFolder, checkNode } from "./check-machine.js";
import type { Check } from "./check.js";

/** Yields the checks in order, each when it is complete. Without a usable codex it omits the checks that need one. */
export async function* diagnose(options: BinaryOptions, host: CliHost): AsyncGenerator<Check> {
  yield checkNode(process.versions.node);
  yield await checkGit(host);
  const binary = await checkBinary(options);
  yield* binary.checks;
  yield await checkCodexHome(host);
  yield await checkTemporaryFolder(host);
  if (binary.usable) yield* checkAppServer(options, host);
}

/** Returns the exit code of the checks. An unusable codex takes precedence over other failures. */
export function verdictOf(checks: readonly Check[]): ExitCode {
  const failed = checks.filter(({ status }) => status === "fail");
  if (failed.length === 0) return exitCodes.ok;
  return failed.some(({ name }) => name === "binary") ? exitCodes.noCodex : exitCodes.failed;
}
