import { accessSync, constants, statSync } from "node:fs";

/** What the file system says of a path: it can be started, it is not there, or it is there and cannot be started. */
export type FileVerdict =
  | { readonly kind: "executable" }
  | { readonly kind: "missing"; readonly reason: string }
  | { readonly kind: "unusable"; readonly reason: string };

/** Whether a file can be started. A script for Node needs no execute permission: it is started by Node. */
export function inspectExecutable(path: string, platform: NodeJS.Platform): FileVerdict {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { kind: "unusable", reason: "it is a directory" };
    if (!stats.isFile()) return { kind: "unusable", reason: "it is not a regular file" };
  } catch (error) {
    return { kind: "missing", reason: hasCode(error, "EACCES") ? "no permission to look there" : "no such file" };
  }
  if (platform === "win32" || isNodeScript(path)) return { kind: "executable" };
  try {
    accessSync(path, constants.X_OK);
    return { kind: "executable" };
  } catch {
    return { kind: "unusable", reason: "it has no execute permission" };
  }
}

/** True for a file that only Node can start on every platform. */
export function isNodeScript(path: string): boolean {
  return /\.[cm]?js$/i.test(path);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
