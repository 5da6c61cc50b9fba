import { randomUUID } from "node:crypto";
import { isJsonObject, type JsonValue } from "../../internal/json.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

/**
 * A new entry of the environment by which all that one codex process starts is found again. Its name is new, too: a
 * program that codex runs may itself run codex, and what that starts carries the markers of both.
 */
export function createRunMarker(): EnvironmentMarker {
  return { name: `CODEXKIT_RUN_${randomUUID().replaceAll("-", "")}`, value: "1" };
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
  // The one filter that codex applies after `set`. An empty list lets everything through.
  const onlyThese = config["shell_environment_policy.include_only"] ?? null;
  if (typeof onlyThese === "object" && onlyThese !== null && !isJsonObject(onlyThese) && onlyThese.length > 0) {
    added["shell_environment_policy.include_only"] = [...onlyThese, "CODEXKIT_RUN_*"];
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
