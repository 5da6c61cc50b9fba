import { sha256 } from "../internal/sha256.js";
import type { ToolDefinition } from "./tool-definition.js";

/** The stored form of a set of tools: a digest of each definition, by the tool's qualified name. Plain data. */
export type StoredTools = Readonly<Record<string, string>>;

/** `name`, or `namespace.name`. */
export function qualifiedNameOf({ namespace, name }: Pick<ToolDefinition, "namespace" | "name">): string {
  return namespace === null ? name : `${namespace}.${name}`;
}

/** Returns the digests of a set. They are cached for each list, because a large set has megabytes of schemas. */
export function toStoredTools(definitions: readonly ToolDefinition[]): StoredTools {
  const known = digests.get(definitions) ?? digest(definitions);
  digests.set(definitions, known);
  return known;
}

const digests = new WeakMap<readonly ToolDefinition[], StoredTools>();

function digest(definitions: readonly ToolDefinition[]): StoredTools {
  return Object.fromEntries(
    definitions.map((definition) => {
      const { namespace, name, description, inputSchema } = definition;
      const text = JSON.stringify([namespace, name, description, inputSchema]);
      return [qualifiedNameOf(definition), sha256(text).slice(0, 32)];
    }),
  );
}

interface ToolsDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** Returns the differences between two sets, or `null` if they are equal. */
export function differenceOf(before: StoredTools, now: StoredTools): ToolsDifference | null {
  const added = Object.keys(now).filter((name) => !Object.hasOwn(before, name));
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(now, name));
  const changed = Object.keys(now).filter((name) => Object.hasOwn(before, name) && before[name] !== now[name]);
  return added.length + removed.length + changed.length === 0 ? null : { added, removed, changed };
}
