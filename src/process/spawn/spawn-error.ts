import { accessSync, constants, existsSync, statSync } from "node:fs";
import { CodexError } from "../../errors/codex-error.js";
import { OptionError } from "../../errors/option-error.js";
import { BinaryNotExecutableError, BinaryNotFoundError } from "../locate/binary-errors.js";
import { systemCodeOf } from "../../internal/is-error.js";

export interface FailedSpawn {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Returns the error for a process that did not start. Node's own error is not kept as the cause: it contains the arguments,
 * and for a null byte the value itself.
 */
export function toSpawnError(error: unknown, spawn: FailedSpawn): CodexError {
  const { command, cwd } = spawn;
  const code = systemCodeOf(error) ?? "unknown error";
  const folderProblem = cwd === undefined ? undefined : findFolderProblem(cwd);
  if (folderProblem !== undefined) {
    return new OptionError(
      "WORKING_DIRECTORY_MISSING",
      "workingDirectory",
      `The working directory ${folderProblem}: ${String(cwd)}`,
    );
  }
  switch (code) {
    case "ENOENT":
      return existsSync(command)
        ? new BinaryNotExecutableError(command, "the interpreter or loader that it needs does not exist")
        : new BinaryNotFoundError([{ place: command, reason: "no such file" }]);
    case "EACCES":
    case "EPERM":
      return new BinaryNotExecutableError(command, "permission denied");
    case "ENOEXEC":
    case "EFTYPE":
    case "EINVAL":
    case "UNKNOWN":
      return new BinaryNotExecutableError(command, "it is not a program for this platform");
    case "E2BIG":
      return new OptionError("INVALID_OPTION", "config", tooLarge(spawn));
    case "ERR_INVALID_ARG_VALUE":
      return new OptionError("INVALID_OPTION", "env", "An argument or an environment variable contains a null byte.");
    default:
      return new CodexError("PROCESS_SPAWN_FAILED", `${command} could not be started: ${code}.`, {
        retryable: ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"].includes(code),
      });
  }
}

function findFolderProblem(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return "is not a directory";
    accessSync(folder, constants.X_OK);
    return undefined;
  } catch (error) {
    return systemCodeOf(error) === "ENOENT" ? "does not exist" : "cannot be entered";
  }
}

function tooLarge({ args, env }: FailedSpawn): string {
  const texts = [...args, ...Object.entries(env).flat()];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  return `Arguments and environment are larger than the system allows (${bytes} bytes): use \`transport: "app-server"\`, which sends its configuration through a pipe.`;
}
