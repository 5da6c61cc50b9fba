import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { OptionError } from "../errors/option-error.js";

/**
 * Resolves a path of an option against the host program's working directory. Throws an `OptionError`
 * (`WORKING_DIRECTORY_MISSING`) if the path is relative and that directory was removed.
 */
export function resolveOption(option: string, path: string): string {
  try {
    return resolve(path);
  } catch (cause) {
    const problem = "the working directory of this program was removed";
    const advice = "pass an absolute path, or call `process.chdir()` first";
    throw new OptionError(
      "WORKING_DIRECTORY_MISSING",
      option,
      `The path ${JSON.stringify(path)} of \`${option}\` cannot be resolved, because ${problem}: ${advice}.`,
      { cause },
    );
  }
}

/** Returns the working directory of the host program, or null if it was removed. Node remembers it, so its path alone is no proof. */
export function hostDirectory(): string | null {
  try {
    const path = resolve("");
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
