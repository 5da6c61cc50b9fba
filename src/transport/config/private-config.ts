import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, type JsonValue } from "../../internal/json.js";
import type { TransportOptions } from "../options/options.js";
import { holdsSecret } from "./config-secrets.js";
import { flattenConfig, layConfig } from "./flatten-config.js";
import { rawConfig } from "./raw-config.js";
import { startConfig } from "./start-config.js";
import { toTomlValue } from "./toml-value.js";

type FlatConfig = Record<string, JsonValue>;

/** Configuration in two parts. Every user of the machine can read a command line, so `secret` must take another way to codex. */
export interface SplitConfig {
  /** The settings for `--config`, in order. */
  readonly open: readonly string[];
  readonly secret: FlatConfig;
}

/** Divides flat configuration. A table that cannot be divided is secret if one of its values is. */
export function splitConfig(flat: Readonly<FlatConfig>): SplitConfig {
  return split(flat, holdsSecret);
}

/** Divides codexkit's own configuration. Its variables are no secrets, but it repeats tables of the caller that cannot be divided. */
export function splitManaged(flat: Readonly<FlatConfig>): SplitConfig {
  return split(flat, (path, value) => isJsonObject(value) && holdsSecret(path, value));
}

/** Divides raw overrides, `path=value` with the value in TOML. An override without a secret is unchanged. */
export function splitOverrides({ configOverrides = [] }: TransportOptions): SplitConfig {
  const secret: FlatConfig = {};
  const open = configOverrides.flatMap((override) => {
    const parts = splitConfig(flattenConfig(rawConfig([override])));
    if (Object.keys(parts.secret).length === 0) return [override];
    layConfig(secret, parts.secret);
    return parts.open;
  });
  return { open, secret };
}

/** Returns flat configuration as settings for `--config`. */
export function toSettings(flat: Readonly<FlatConfig>): readonly string[] {
  return Object.entries(flat).map(([path, value]) => `${path}=${toTomlValue(value)}`);
}

/**
 * Throws an `OptionError` for a secret that codex's app-server accepts on its command line only: it reads this section when
 * it starts.
 */
export function refuseStartSecrets(client: TransportOptions): void {
  const at = (client.configOverrides ?? []).findIndex((override) =>
    Object.keys(splitOverrides({ configOverrides: [override] }).secret).some((path) => path.startsWith("otel.")),
  );
  if (at !== -1) throw startSecret("configOverrides", `configOverrides[${at}]`);
  if (Object.keys(splitConfig(startConfig(client)).secret).length > 0) throw startSecret("config", "config");
}

function startSecret(option: string, place: string): OptionError {
  const message = `The option \`${place}\` contains a secret of \`otel\`, which codex's app-server reads when it starts, and a command line can be read by every user of the machine: write the section to config.toml in CODEX_HOME.`;
  return new OptionError("INVALID_OPTION", option, message);
}

function split(flat: Readonly<FlatConfig>, isSecret: (path: string, value: JsonValue) => boolean): SplitConfig {
  const open: FlatConfig = {};
  const secret: FlatConfig = {};
  for (const [path, value] of Object.entries(flat)) (isSecret(path, value) ? secret : open)[path] = value;
  return { open: toSettings(open), secret };
}
