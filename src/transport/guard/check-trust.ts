import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { valueAt } from "../config/flatten-config.js";
import { givenConfig } from "../config/given-config.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";
import { decidingFolders } from "./project-trust.js";

/**
 * Throws an `OptionError` if `projects` in the configuration contradicts `trustProject`: an entry that trusts any folder
 * without it, because a turn may work there, and an entry that does not trust the thread's own folder with it.
 */
export function checkTrust(client: TransportOptions, options: ThreadOptions): void {
  const entries = trustEntries(valueAt(givenConfig(client, options), "projects"));
  if (entries.length === 0) return;
  const trusts = options.trustProject === true;
  const folders = trusts ? decidingFolders(options.workingDirectory ?? ".") : [];
  const rival = entries.find(({ folder, level }) =>
    trusts ? level === "untrusted" && folders.includes(folder) : level === "trusted",
  );
  if (rival === undefined) return;
  const advice = trusts
    ? "remove the entry or `trustProject`"
    : "pass `trustProject: true` to the thread that works there, and remove the entry";
  const message = `The option \`config\` sets \`projects\` to ${rival.level} for ${rival.folder}, which contradicts \`trustProject: ${String(trusts)}\`: ${advice}.`;
  throw new OptionError("INVALID_OPTION", "config", message);
}

interface TrustEntry {
  readonly folder: string;
  readonly level: string;
}

/** Returns the entries of a `projects` table. A dotted path of codex's configuration divides a folder at its dots. */
export function trustEntries(projects: JsonValue | undefined, path: readonly string[] = []): readonly TrustEntry[] {
  if (!isJsonObject(projects)) return [];
  return Object.entries(projects).flatMap(([key, value]) =>
    key === "trust_level" && typeof value === "string"
      ? [{ folder: path.join(".").replaceAll('"', ""), level: value }]
      : trustEntries(value, [...path, key]),
  );
}
