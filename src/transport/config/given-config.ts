import type { JsonValue } from "../../internal/json.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";
import { flattenConfig, layConfig } from "./flatten-config.js";
import { rawConfig } from "./raw-config.js";

/**
 * Returns the configuration that the host program passes, flat: `configOverrides`, then the client's `config`, then the
 * thread's.
 */
export function givenConfig(client: TransportOptions, options: ThreadOptions): Record<string, JsonValue> {
  const flat = rawConfig(client.configOverrides ?? []);
  layConfig(flat, flattenConfig(client.config ?? {}));
  layConfig(flat, flattenConfig(options.config ?? {}));
  return flat;
}
