import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { OptionError } from "../../errors/option-error.js";
import { sha256 } from "../../internal/sha256.js";
import { isError } from "../../internal/is-error.js";

/** The digests of files, taken once. */
export interface TrustedFiles {
  /** Reads the files again. Returns true if each has the place and the content that it had. */
  unchanged(): boolean;
}

/** Throws an `OptionError` for a value that is no list of paths. */
export function readTrustedFiles(value: unknown): readonly string[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : [];
  const paths = given.filter((path): path is string => typeof path === "string" && path !== "" && !path.includes("\0"));
  if (paths.length > 0 && paths.length === given.length) return paths;
  throw invalid("must be a non-empty list of paths");
}

/**
 * Takes the digests of the files. Relative paths start at the directory. Throws an `OptionError` (`INVALID_OPTION`) for a
 * file that does not exist, cannot be read or has more than 16 MiB.
 */
export function trustFiles(paths: readonly string[], directory: string): TrustedFiles {
  const files = paths.map((path) => {
    const whole = resolve(directory, path);
    try {
      return { whole, seen: lookAt(whole) };
    } catch (error) {
      const reason = isError(error) ? error.message : "it cannot be read";
      const advice = "If the file must not appear later, create it empty.";
      throw invalid(`contains ${JSON.stringify(path)}, which cannot be trusted: ${reason}. ${advice}`);
    }
  });
  return {
    unchanged: () =>
      files.every(({ whole, seen }) => {
        try {
          return lookAt(whole) === seen;
        } catch {
          return false;
        }
      }),
  };
}

const mostBytes = 16 * 1024 * 1024;

/** Returns the real path and the digest as one text. Never waits: a pipe or a device is refused. */
function lookAt(path: string): string {
  const real = realpathSync(path);
  const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(file);
    if (!fstatSync(file).isFile()) throw new Error("it is not a file");
    if (size > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
    const content = Buffer.alloc(size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= size; length += read)
      read = readSync(file, content, length, size + 1 - length, null);
    return `${real}\0${sha256(content.toString("latin1", 0, length))}`;
  } finally {
    closeSync(file);
  }
}

function invalid(problem: string): OptionError {
  return new OptionError("INVALID_OPTION", "match.trustedFiles", `\`trustedFiles\` ${problem}`);
}
