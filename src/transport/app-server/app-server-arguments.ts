import type { TransportOptions } from "../options/options.js";
import { providerConfig } from "../config/provider-config.js";
import { markerConfig } from "../launch/run-marker.js";
import { splitConfig, splitOverrides, toSettings } from "../config/private-config.js";
import { startConfig } from "../config/start-config.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

/** Nothing secret is among them: the secrets of raw overrides and a thread's configuration go by the pipe. */
export function toAppServerArguments(client: TransportOptions, marker: EnvironmentMarker): readonly string[] {
  const managed = {
    ...providerConfig(client),
    ...markerConfig(marker, {}),
    // In memory only: without it the login below would write the key into the user's CODEX_HOME.
    ...(client.apiKey === undefined ? {} : { cli_auth_credentials_store: "ephemeral" }),
  };
  const overrides = [
    // Codex closes an unsubscribed thread at once. By default it keeps the thread in memory, and locked, for another minute.
    "thread_unload_delay_secs=0",
    ...splitOverrides(client).open,
    ...splitConfig(startConfig(client)).open,
    ...toSettings(managed),
  ];
  return ["app-server", ...overrides.flatMap((override) => ["--config", override])];
}
