import { resolve } from "node:path";
import type { SharedOptions } from "../transport/transport.js";

/** Relative paths start at the directory that the process is in now, wherever it goes later. */
export function withWholePaths<O extends SharedOptions>(options: O): O {
  const { workingDirectory, additionalDirectories } = options;
  return {
    ...options,
    ...(workingDirectory === undefined ? {} : { workingDirectory: resolve(workingDirectory) }),
    ...(additionalDirectories === undefined
      ? {}
      : { additionalDirectories: additionalDirectories.map((path) => resolve(path)) }),
  };
}
