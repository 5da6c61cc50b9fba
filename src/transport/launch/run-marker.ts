import { randomUUID } from "node:crypto";
import { isJsonObject, type JsonValue } from "../../internal/json.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

/**
 * Returns a new environment variable that identifies all descendants of one codex process. Its name is unique, because a
 * command of codex may itself run codex, whose descendants then have both markers.
 */
export function createRunMarker(): EnvironmentMarker {
  return { name: `CODEXKIT_RUN_${randomUUID().replaceAll("-", "")}`, value: "1" };
}

/** The pattern of the names of all markers, for a filter of variables. */
export const runVariables = "CODEXKIT_RUN_*";

/**
 * Returns the configuration that passes the marker to processes that do not inherit codex's environment: shells under a
 * restrictive `shell_environment_policy`, and the MCP servers in `config`, which is flat.
 */
export function markerConfig(
  marker: EnvironmentMarker,
  config: Readonly<Record<string, JsonValue>>,
): Record<string, JsonValue> {
  const added: Record<string, JsonValue> = { [`shell_environment_policy.set.${marker.name}`]: marker.value };
  // The only filter that codex applies after `set`. An empty list allows all variables.
  const onlyThese = config["shell_environment_policy.include_only"] ?? null;
  if (typeof onlyThese === "object" && onlyThese !== null && !isJsonObject(onlyThese) && onlyThese.length > 0) {
    added["shell_environment_policy.include_only"] = [...new Set([...onlyThese, runVariables])];
  }
  for (const path of Object.keys(config)) {
    const [, server] = /^(mcp_servers\.[^.]+)\.command$/.exec(path) ?? [];
    if (server === undefined) continue;
    const whole = config[`${server}.env`];
    if (isJsonObject(whole)) added[`${server}.env`] = { ...whole, [marker.name]: marker.value };
    else added[`${server}.env.${marker.name}`] = marker.value;
  }
  return added;
}
