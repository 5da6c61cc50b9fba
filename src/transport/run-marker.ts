import { randomUUID } from "node:crypto";
import { isJsonObject, type JsonValue } from "../internal/json.js";
import type { EnvironmentMarker } from "../process/process-table.js";

/** A new entry of the environment by which all that one codex process starts is found again. */
export function createRunMarker(): EnvironmentMarker {
  return { name: "CODEXKIT_RUN", value: randomUUID() };
}

/**
 * The configuration that carries the marker to where codex does not let its own environment through: to shells under a
 * narrowed `shell_environment_policy`, and to the MCP servers among `config`, which is flat.
 */
export function markerConfig(
  marker: EnvironmentMarker,
  config: Readonly<Record<string, JsonValue>>,
): Record<string, JsonValue> {
  const added: Record<string, JsonValue> = { [`shell_environment_policy.set.${marker.name}`]: marker.value };
  for (const path of Object.keys(config)) {
    const [, server] = /^(mcp_servers\.[^.]+)\.command$/.exec(path) ?? [];
    if (server === undefined) continue;
    const whole = config[`${server}.env`];
    if (isJsonObject(whole)) added[`${server}.env`] = { ...whole, [marker.name]: marker.value };
    else added[`${server}.env.${marker.name}`] = marker.value;
  }
  return added;
}
