import { accessSync, constants, statSync } from "node:fs";
import { platform } from "node:os";
import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";
import { systemCodeOf } from "../../internal/is-error.js";

/** The temporary folder is missing or cannot be written to. Nothing was sent to the model. */
export class TemporaryFolderError extends CodexError {
  override name = "TemporaryFolderError";
  readonly path: string;

  constructor(path: string, detail: string, options: CodexErrorOptions = {}) {
    const advice = "Create it, make it writable for this user, or set TMPDIR to another folder.";
    super("TMPDIR_UNUSABLE", `The temporary folder ${path} ${detail}. ${advice}`, { ...options, retryable: false });
    this.path = path;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), path: this.path };
  }
}

/**
 * Throws a `TemporaryFolderError` if codex's sandbox could not start a command. On Linux the sandbox keeps a list of its mounts in
 * the temporary folder: without the folder every command fails, and only the model is informed.
 */
export function checkTemporaryFolder(env: Readonly<Record<string, string | undefined>>): void {
  if (platform() !== "linux") return;
  const { TMPDIR = "" } = env;
  const path = TMPDIR === "" ? "/tmp" : TMPDIR;
  try {
    if (!statSync(path).isDirectory()) throw new TemporaryFolderError(path, "is not a folder");
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw toTemporaryFolderError(error, path);
  }
}

/** Returns the typed error for a failed access to the temporary folder. Returns other errors unchanged. */
export function toTemporaryFolderError(error: unknown, path: string): unknown {
  const detail = details[systemCodeOf(error) ?? ""];
  return detail === undefined ? error : new TemporaryFolderError(path, detail, { cause: error });
}

const details: Readonly<Record<string, string>> = {
  EACCES: "cannot be written to: permission denied",
  EPERM: "cannot be written to: permission denied",
  EROFS: "is on a read-only file system",
  ENOENT: "does not exist",
  ENOTDIR: "is not a folder",
  ENOSPC: "is full",
  EDQUOT: "is full",
};
