import { OptionError } from "../../errors/option-error.js";
import { isList, type JsonObject, type JsonValue } from "../../internal/json.js";
import { layConfig, valueAt } from "./flatten-config.js";

/** The name under which codex knows our MCP server; its tools are `mcp__codexkit`'s. */
const hostedServerName = "codexkit";

const server = `mcp_servers.${hostedServerName}`;
const directOnly = "features.code_mode.direct_only_tool_namespaces";

/** A day: the tools' own bounds are the host's. */
const toolTimeoutSeconds = 86_400;

/**
 * The flat configuration with our MCP server in it: started before the first turn, asked without codex's own approval
 * since the host asks itself, in parallel, and shown to models that would have its tools deferred. `access` says where it
 * is and how codex proves itself. Throws an `OptionError` where the caller has a server of that name.
 */
export function hostedToolsServer(
  access: Readonly<Record<string, JsonValue>>,
  config: JsonObject,
): Record<string, JsonValue> {
  const merged: Record<string, JsonValue> = {};
  for (const [path, value] of Object.entries(config)) if (value !== undefined) merged[path] = value;
  if (valueAt(merged, server) !== undefined) {
    const message = `The MCP server name \`${hostedServerName}\` is codexkit's own where it serves tools: give yours another name.`;
    throw new OptionError("INVALID_OPTION", "config", message);
  }
  const others = valueAt(merged, directOnly);
  const namespace = `mcp__${hostedServerName}`;
  const values = {
    ...access,
    required: true,
    default_tools_approval_mode: "approve",
    supports_parallel_tool_calls: true,
    tool_timeout_sec: toolTimeoutSeconds,
  };
  layConfig(merged, {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`${server}.${name}`, value])),
    [directOnly]: isList(others) ? [...others, namespace] : [namespace],
  });
  return merged;
}
