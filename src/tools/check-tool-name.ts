import { OptionError } from "../errors/option-error.js";
import { builtinNamespaces, builtinTools, refusedNamespaces } from "./builtin-names.js";
import { flatNameOf, toolKey } from "./tool-key.js";

/** Codex's own limits, of a name and of a namespace. `namespace__name` must fit the first one, too. */
const maxNameLength = 128;
const maxNamespaceLength = 64;

/** Throws an `OptionError` (`INVALID_TOOL`) for a name that codex would refuse, or take for one of its own. */
export function checkToolName(name: unknown, namespace: unknown): asserts name is string {
  checkWord(name, "name", maxNameLength);
  if (namespace !== null) checkNamespace(namespace);
  if (namespace === null && name === "mcp") throw reserved("name", name, "codex keeps it for MCP servers");
  const tool = { name, namespace: typeof namespace === "string" ? namespace : null };
  const flat = flatNameOf(tool);
  if (flat.length > maxNameLength) {
    throw invalid(
      "name",
      `\`${flat}\` has ${flat.length} characters; namespace and name together may have ${maxNameLength}.`,
    );
  }
  const key = toolKey(tool);
  if (key.startsWith("mcp__")) throw reserved("name", flat, "codex keeps `mcp__` for MCP servers");
  if (builtinTools.has(key)) throw reserved("name", flat, "codex has a tool of this name, and would call its own");
  const owner = [...builtinNamespaces].find((taken) => key.startsWith(`${taken}__`));
  if (owner !== undefined) throw reserved("name", flat, `codex has tools of its own in \`${owner}\``);
}

function checkNamespace(namespace: unknown): void {
  checkWord(namespace, "namespace", maxNamespaceLength);
  if (refusedNamespaces.has(namespace)) throw reserved("namespace", namespace, "codex refuses it");
  if (builtinNamespaces.has(namespace)) throw reserved("namespace", namespace, "codex has tools of its own in it");
}

function checkWord(value: unknown, option: "name" | "namespace", limit: number): asserts value is string {
  if (typeof value !== "string") throw invalid(option, `The \`${option}\` of a tool must be a string.`);
  if (/^[a-zA-Z0-9_-]+$/.test(value) && value.length <= limit) return;
  const shown = JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}...` : value);
  const rule = `1 to ${limit} letters of a-z, A-Z, 0-9, _ and -`;
  throw invalid(option, `The tool's \`${option}\` ${shown} is not one that codex takes: use ${rule}.`);
}

function reserved(option: string, name: string, reason: string): OptionError {
  return invalid(
    option,
    `The tool's \`${option}\` "${name}" is reserved: ${reason}. Rename it, or use another namespace.`,
  );
}

function invalid(option: string, message: string): OptionError {
  return new OptionError("INVALID_TOOL", option, message);
}
