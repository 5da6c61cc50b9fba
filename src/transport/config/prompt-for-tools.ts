import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { layConfig, valueAt } from "./flatten-config.js";
import { rawConfig } from "./raw-config.js";

const mode = "default_tools_approval_mode";

/**
 * Makes codex ask for each call of an MCP server of the host program, in place. Otherwise codex does not ask about a tool
 * that its server calls read-only. A server whose configuration sets the mode keeps it.
 */
export function promptForTools(config: Record<string, JsonValue>, overrides: readonly string[] = []): void {
  const raw = valueAt(rawConfig(overrides), "mcp_servers");
  const given = valueAt(config, "mcp_servers");
  const servers = { ...(isJsonObject(raw) ? raw : {}), ...(isJsonObject(given) ? given : {}) };
  const isSet = (name: string): boolean =>
    [raw, given].some((table) => {
      const server = isJsonObject(table) ? table[name] : undefined;
      return isJsonObject(server) && server[mode] !== undefined;
    });
  const asked = Object.keys(servers).filter((name) => !isSet(name));
  if (asked.length === 0) return;
  const whole = config["mcp_servers"];
  // A table with a name that no path can contain is kept whole.
  if (!isJsonObject(whole))
    return asked.forEach((name) => layConfig(config, { [`mcp_servers.${name}.${mode}`]: "prompt" }));
  const entries = asked.map((name): [string, JsonValue] => {
    const server = whole[name];
    return [name, { ...(isJsonObject(server) ? server : {}), [mode]: "prompt" }];
  });
  config["mcp_servers"] = { ...whole, ...Object.fromEntries(entries) };
}
