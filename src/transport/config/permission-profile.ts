import type { JsonObject, JsonValue } from "../../internal/json.js";
import type { ProtectedPath, SandboxMode } from "../options/options.js";

/** The id of the permission profile of a thread with `protectedPaths`. */
export const protectedProfile = "codexkit-protected";

interface Sandbox {
  readonly mode: SandboxMode;
  readonly networkAccess: boolean;
  readonly writableRoots: readonly string[];
}

/**
 * Returns codex's permission profile for a sandbox mode whose paths are protected. Paths are relative to the working
 * directory. The folders above a protected path are mounted as writable, because a command could otherwise rename one of
 * them and put another in its place.
 */
export function toPermissionProfile(paths: readonly ProtectedPath[], sandbox: Sandbox): JsonObject {
  const inside: Record<string, JsonValue> = {};
  const isWritable = sandbox.mode !== "read-only";
  for (const name of isWritable ? paths.flatMap((each) => foldersAbove(pathOf(each))) : []) inside[name] = "write";
  for (const each of paths) inside[pathOf(each)] = typeof each === "string" ? "deny" : each.access;
  const outside = Object.fromEntries(sandbox.writableRoots.map((root) => [root, "write"]));
  return {
    extends: isWritable ? ":workspace" : ":read-only",
    filesystem: { ...outside, ":workspace_roots": inside },
    ...(sandbox.networkAccess ? { network: { enabled: true } } : {}),
  };
}

function pathOf(each: ProtectedPath): string {
  return typeof each === "string" ? each : each.path;
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
}
