import { OptionError } from "../errors/option-error.js";
import type { ToolOutcome } from "../protocol/index.js";
import { duplicateOf, toolKey } from "./tool-key.js";
import { type AnyTool, partsOf } from "./tool.js";
import type { ToolDefinition } from "./tool-definition.js";
import { ToolRegistry } from "./tool-registry.js";

/** The tools of a thread: a view of its sources. A source that is a registry may change. */
export interface ToolSet {
  /** Returns the definitions for codex, without the tools whose `isEnabled` is false. Returns the same list until a registry changes. */
  definitions(): readonly ToolDefinition[];
  /** Finds a tool by namespace and name, by `namespace__name`, or by the identifier that codex derives from either. */
  find(namespace: string | null, name: string): AnyTool | null;
  /** Counts a call in the registry of the tool, if it has one. */
  record(tool: AnyTool, outcome: ToolOutcome, ms: number): void;
}

/**
 * Throws an `OptionError` for two tools of the same name (`DUPLICATE_TOOL`) and for a value that is not a tool
 * (`INVALID_TOOL`). If a registry later adds a name that another source has, the first source wins.
 */
export function createToolSet(sources: readonly (ToolRegistry | readonly AnyTool[])[]): ToolSet {
  const lists = sources.map((source) => (source instanceof ToolRegistry ? source : [...source]));
  checkTools(lists);
  const find = (key: string): AnyTool | null => {
    for (const list of lists) for (const tool of list) if (toolKey(tool) === key) return tool;
    return null;
  };
  let known: { readonly version: number; readonly definitions: readonly ToolDefinition[] } | null = null;
  return {
    definitions() {
      const version = versionOf(lists);
      if (known?.version !== version) known = { version, definitions: toDefinitions(lists) };
      return known.definitions;
    },
    find: (namespace, name) => find(toolKey({ namespace, name })),
    record(tool, outcome, ms) {
      for (const list of lists) if (list instanceof ToolRegistry) list.record(tool, outcome, ms);
    },
  };
}

type Sources = readonly Iterable<AnyTool>[];

function checkTools(sources: Sources): void {
  const taken = new Map<string, AnyTool>();
  for (const source of sources) {
    for (const tool of source) {
      if (typeof tool !== "object")
        throw new OptionError("INVALID_TOOL", "tools", "`tools` contains a value that is not a tool.");
      partsOf(tool);
      const key = toolKey(tool);
      const other = taken.get(key);
      if (other !== undefined) throw duplicateOf(tool, other);
      taken.set(key, tool);
    }
  }
}

/** The version of a registry only increases, and so does the sum. */
function versionOf(sources: Sources): number {
  let version = 0;
  for (const source of sources) if (source instanceof ToolRegistry) version += source.version;
  return version;
}

function toDefinitions(sources: Sources): ToolDefinition[] {
  const definitions = new Map<string, ToolDefinition>();
  for (const source of sources) {
    for (const { isEnabled, namespace, name, description, inputSchema } of source) {
      const key = toolKey({ namespace, name });
      if (isEnabled && !definitions.has(key)) definitions.set(key, { namespace, name, description, inputSchema });
    }
  }
  return [...definitions.values()];
}
