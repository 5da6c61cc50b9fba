import { isAbsoluteUrl, isBoolean, isConfig, isEnvironment, isNonEmptyText, isOverrideList } from "./option-checks.js";
import type { TransportOptions } from "./options.js";

/** The path of each client option to codex. The transports apply them. */
export const clientOptionsTable: { readonly [K in keyof Required<TransportOptions>]: ClientOptionRow } = {
  codexPathOverride: {
    summary: "The path of the codex binary",
    values: "path",
    check: isNonEmptyText,
    appServer: "the process",
    exec: "the process",
  },
  baseUrl: {
    summary: "An OpenAI-compatible endpoint",
    values: "http(s) URL",
    check: isAbsoluteUrl,
    appServer: "a model provider by `--config`",
    exec: "a model provider by `--config`",
  },
  apiKey: {
    summary: "The API key",
    values: "string",
    check: isNonEmptyText,
    appServer: "`account/login/start`, in memory",
    exec: "`CODEX_API_KEY`",
  },
  config: {
    summary: "Values of codex's config.toml for every thread",
    values: "object",
    check: isConfig,
    appServer: "`config` of each thread; `--config` for values that codex reads when it starts, such as `otel`",
    exec: "`--config path=value`",
  },
  configOverrides: {
    summary: "Raw `key=value` overrides",
    values: "list of strings",
    check: isOverrideList,
    appServer: "`--config`",
    exec: "`--config`",
  },
  env: {
    summary: "The complete environment of codex",
    values: "object of strings",
    check: isEnvironment,
    appServer: "the process",
    exec: "the process",
  },
  allowWritableBinary: {
    summary: "Starts a codex binary that the agent's commands could replace",
    values: "boolean (default false)",
    check: isBoolean,
    appServer: "local",
    exec: "local",
  },
  hardenGit: {
    summary: "Keeps git from running programs of a repository: hooks, file monitors, hidden bare repositories",
    values: "boolean (default true)",
    check: isBoolean,
    appServer: "`GIT_CONFIG_COUNT` of the process and of each thread's shells",
    exec: "`GIT_CONFIG_COUNT` of the process and its shells",
  },
  keepRaw: {
    summary: "Keeps each event's source line as `raw`",
    values: "boolean (default false)",
    check: isBoolean,
    appServer: "local",
    exec: "local",
  },
  strictVersion: {
    summary: "Throws if the version of codex is not supported",
    values: "boolean (default false)",
    check: isBoolean,
    appServer: "local",
    exec: "local",
  },
};

export interface ClientOptionRow {
  readonly summary: string;
  readonly values: string;
  readonly check: (value: unknown) => string | null;
  readonly appServer: string;
  readonly exec: string;
}
