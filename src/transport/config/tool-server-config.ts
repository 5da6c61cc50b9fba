import { OptionError } from "../../errors/option-error.js";
import { isList, type JsonObject, type JsonValue } from "../../internal/json.js";
import { layConfig, valueAt } from "./flatten-config.js";

/** The name of the tool server in codex's configuration. Its tools are in the namespace `mcp__codexkit`. */
const serverName = "codexkit";

const server = `mcp_servers.${serverName}`;
const directOnly = "features.code_mode.direct_only_tool_namespaces";

/** One day. The host program enforces each tool's own time limit. */
const toolTimeoutSeconds = 86_400;

/**
 * Returns the flat configuration with the tool server added. codex starts it before the first turn, calls its tools in
 * parallel and without its own approval (the host program approves the calls), and shows them to models that would defer
 * them. `access` holds the address and the credentials. Throws an `OptionError` if the configuration already has a server
 * of that name.
 */
export function toolServerConfig(
  access: Readonly<Record<string, JsonValue>>,
  config: JsonObject,
): Record<string, JsonValue> {
  const merged: Record<string, JsonValue> = {};
  for (const [path, value] of Object.entries(config)) if (value !== undefined) merged[path] = value;
  if (valueAt(merged, server) !== undefined) {
    const message = `The MCP server name \`${serverName}\` is reserved for codexkit's tool server: give your server another name.`;
    throw new OptionError("INVALID_OPTION", "config", message);
  }
  const others = valueAt(merged, directOnly);
  const namespace = `mcp__${serverName}`;
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
