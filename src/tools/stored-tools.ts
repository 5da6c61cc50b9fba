import { createHash } from "node:crypto";
import type { ToolDefinition } from "./tool-definition.js";

/** A set of tools as it is remembered: a digest of each definition by the tool's qualified name. It is plain data. */
export type StoredTools = Readonly<Record<string, string>>;

/** `name`, or `namespace.name`. */
export function qualifiedNameOf({ namespace, name }: Pick<ToolDefinition, "namespace" | "name">): string {
  return namespace === null ? name : `${namespace}.${name}`;
}

/** The digests of a set, made once for each list: a large one has megabytes of schemas. */
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
      return [qualifiedNameOf(definition), createHash("sha256").update(text).digest("hex").slice(0, 32)];
    }),
  );
}

export interface ToolsDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** What is other in `now` than `before`, or null where nothing is. */
export function differenceOf(before: StoredTools, now: StoredTools): ToolsDifference | null {
  const added = Object.keys(now).filter((name) => !Object.hasOwn(before, name));
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(now, name));
  const changed = Object.keys(now).filter((name) => Object.hasOwn(before, name) && before[name] !== now[name]);
  return added.length + removed.length + changed.length === 0 ? null : { added, removed, changed };
}
