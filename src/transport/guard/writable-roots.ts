import { platform, tmpdir } from "node:os";
import { relative, resolve, sep } from "node:path";
import { asList, isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { valueAt } from "../config/flatten-config.js";
import type { ThreadOptions } from "../options/options.js";
import { isInside, placesOf } from "./real-paths.js";

export interface SandboxSetting {
  /** The options in force, those of the turn included. */
  readonly options: ThreadOptions;
  /** The flat configuration in force. */
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Returns the folders that the sandbox allows commands to write to, as given and as real paths. Read-only has none. Full access
 * has no sandbox, so nothing can be protected from it: it has none here, too.
 */
export function writableRootsOf({ options, config, env }: SandboxSetting): readonly string[] {
  if (options.sandboxMode !== "workspace-write") return [];
  const found = valueAt(config, "sandbox_workspace_write");
  const table: JsonObject = isJsonObject(found) ? found : {};
  const configured = asList(table["writable_roots"]).filter((root) => typeof root === "string");
  const temporary = [
    ...(table["exclude_slash_tmp"] === true || platform() === "win32" ? [] : ["/tmp"]),
    ...(table["exclude_tmpdir_env_var"] === true ? [] : [env["TMPDIR"] ?? (platform() === "win32" ? tmpdir() : "")]),
  ];
  const roots = [
    options.workingDirectory ?? ".",
    ...(options.additionalDirectories ?? []),
    ...configured,
    ...temporary,
  ];
  return [...new Set(roots.filter((root) => root !== "").flatMap((root) => placesOf(resolve(root))))];
}

/** Folders directly below a writable one that codex's sandbox keeps read-only. */
const protectedNames: ReadonlySet<string> = new Set([".agents", ".codex", ".git"]);

/** Returns the writable folder in which commands could replace the path, or null. */
export function writableRootAround(path: string, roots: readonly string[]): string | null {
  const places = placesOf(path);
  return roots.find((root) => places.some((place) => isInside(place, root) && !isProtected(place, root))) ?? null;
}

function isProtected(place: string, root: string): boolean {
  const [first = ""] = relative(root, place).split(sep);
  return protectedNames.has(first);
}
