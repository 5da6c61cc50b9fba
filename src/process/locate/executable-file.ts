import { accessSync, constants, statSync } from "node:fs";
import { systemCodeOf } from "../../internal/is-error.js";

/** The state of a file: it can be started, it is missing, or it exists and cannot be started. */
export type FileVerdict =
  | { readonly kind: "executable" }
  | { readonly kind: "missing"; readonly reason: string }
  | { readonly kind: "unusable"; readonly reason: string };

/** Checks if a file can be started. A Node script needs no execute permission, because Node starts it. */
export function inspectExecutable(path: string, platform: NodeJS.Platform): FileVerdict {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { kind: "unusable", reason: "it is a directory" };
    if (!stats.isFile()) return { kind: "unusable", reason: "it is not a regular file" };
  } catch (error) {
    return {
      kind: "missing",
      reason: systemCodeOf(error) === "EACCES" ? "no permission to look there" : "no such file",
    };
  }
  if (platform === "win32" || isNodeScript(path)) return { kind: "executable" };
  try {
    accessSync(path, constants.X_OK);
    return { kind: "executable" };
  } catch {
    return { kind: "unusable", reason: "it has no execute permission" };
  }
}

/** Returns true for a file that needs Node to start on every platform. */
export function isNodeScript(path: string): boolean {
  return /\.[cm]?js$/i.test(path);
}
