import type { JsonValue } from "../internal/json.js";
import {
  isAbsoluteUrl,
  isBoolean,
  isConfig,
  isNonEmptyText,
  isOneOf,
  isOverrideList,
  isTextList,
} from "./option-checks.js";
import type { SandboxMode, ThreadOptions, TransportOptions } from "./options.js";
import { flattenConfig } from "./flatten-config.js";

/** Where an option may be given. */
export type OptionLevel = "client" | "thread" | "turn";

/** What an app-server request is built up in: its own fields, and codex's configuration. */
export interface AppServerDraft {
  readonly params: Record<string, JsonValue>;
  readonly config: Record<string, JsonValue>;
  readonly sandbox: { mode?: SandboxMode; network?: boolean; roots?: readonly string[] };
}

/** What an exec call is built up in: flags and values of codex's configuration, by dotted path. */
export interface ExecDraft {
  readonly flags: string[];
  /** The user's own configuration: raw `configOverrides` win over it. */
  readonly config: Record<string, JsonValue>;
  /** What codexkit's own options set: it wins over both. */
  readonly managed: Record<string, JsonValue>;
}

/** How an option reaches a transport: in words for `docs/options.md`, and as the function that puts it there. */
export interface Wire<V, Draft> {
  readonly as: string;
  readonly put: (value: V, draft: Draft) => void;
}

/** `local`: codexkit itself acts on it. `unsupported`: giving it there throws `UnsupportedFeatureError`. */
export interface OptionRow<V> {
  readonly summary: string;
  readonly values: string;
  readonly levels: readonly OptionLevel[];
  readonly check: (value: unknown) => string | null;
  readonly appServerThread: Wire<V, AppServerDraft> | "local" | "unsupported" | "not offered";
  readonly appServerTurn: Wire<V, AppServerDraft> | "local" | "not offered";
  readonly exec: Wire<V, ExecDraft> | "local" | "unsupported";
  /** Set where `codex exec resume` ignores it and goes on with what the thread's first turn had. */
  readonly execKeepsFirst?: true;
  /** `always`: codex forgets it or might, so it goes out again on resume and fork. `new only`: refused on resume. */
  readonly onResume: "always" | "new only" | "local";
}

type WiredOptions = Required<ThreadOptions>;
type OptionsTable = { readonly [K in keyof WiredOptions]: OptionRow<NonNullable<WiredOptions[K]>> };

/**
 * Every option of a thread and a turn: where it may be given, what it becomes on each wire, and whether it is sent
 * again on resume. Params, argv, checks and `docs/options.md` are all built from this table. Later rows win over
 * earlier ones where both set the same value of codex's configuration, so `config` comes first.
 */
export const threadOptionsTable: OptionsTable = {
  config: {
    summary: "Values of codex's config.toml, for this thread, over the client's",
    values: "object",
    levels: ["client", "thread"],
    check: isConfig,
    appServerThread: { as: "`config`", put: (value, draft) => void Object.assign(draft.config, flattenConfig(value)) },
    appServerTurn: "not offered",
    exec: {
      as: "`--config path=value`",
      put: (value, draft) => void Object.assign(draft.config, flattenConfig(value)),
    },
    onResume: "always",
  },
  model: {
    summary: "The model",
    values: "string",
    levels: ["thread", "turn"],
    check: isNonEmptyText,
    appServerThread: param("model"),
    appServerTurn: param("model"),
    exec: flag("--model"),
    onResume: "always",
  },
  modelProvider: {
    summary: "The model provider",
    values: "string",
    levels: ["thread"],
    check: isNonEmptyText,
    appServerThread: param("modelProvider"),
    appServerTurn: "not offered",
    exec: execConfig("model_provider"),
    onResume: "always",
  },
  modelReasoningEffort: {
    summary: "How hard the model thinks",
    values: "none, minimal, low, medium, high, xhigh, max, ultra, persistent, or one the model knows",
    levels: ["thread", "turn"],
    check: isNonEmptyText,
    appServerThread: threadConfig("model_reasoning_effort"),
    appServerTurn: param("effort"),
    exec: execConfig("model_reasoning_effort"),
    onResume: "always",
  },
  modelReasoningSummary: {
    summary: "How much reasoning is summed up for the reader",
    values: "auto, concise, detailed, none",
    levels: ["thread", "turn"],
    check: isOneOf("auto", "concise", "detailed", "none"),
    appServerThread: threadConfig("model_reasoning_summary"),
    appServerTurn: param("summary"),
    exec: execConfig("model_reasoning_summary"),
    execKeepsFirst: true,
    onResume: "always",
  },
  sandboxMode: {
    summary: "How far commands may reach",
    values: "read-only (default), workspace-write, danger-full-access",
    levels: ["thread", "turn"],
    check: isOneOf("read-only", "workspace-write", "danger-full-access"),
    appServerThread: param("sandbox"),
    appServerTurn: { as: "`sandboxPolicy.type`", put: (value, draft) => void (draft.sandbox.mode = value) },
    exec: flag("--sandbox"),
    onResume: "always",
  },
  networkAccessEnabled: {
    summary: "Whether sandboxed commands may use the network",
    values: "boolean (default false)",
    levels: ["thread", "turn"],
    check: isBoolean,
    appServerThread: threadConfig("sandbox_workspace_write.network_access"),
    appServerTurn: { as: "`sandboxPolicy.networkAccess`", put: (value, draft) => void (draft.sandbox.network = value) },
    exec: execConfig("sandbox_workspace_write.network_access"),
    onResume: "always",
  },
  additionalDirectories: {
    summary: "Directories that commands may write to besides the working directory",
    values: "list of paths",
    levels: ["thread", "turn"],
    check: isTextList,
    appServerThread: threadConfig("sandbox_workspace_write.writable_roots"),
    appServerTurn: { as: "`sandboxPolicy.writableRoots`", put: (value, draft) => void (draft.sandbox.roots = value) },
    exec: {
      as: "`--add-dir`",
      put: (value, draft) => void draft.flags.push(...value.flatMap((directory) => ["--add-dir", directory])),
    },
    onResume: "always",
  },
  approvalPolicy: {
    summary: "When codex asks before it acts",
    values: "never (default), on-request, untrusted; exec: only never",
    levels: ["thread", "turn"],
    check: isOneOf("never", "on-request", "untrusted"),
    appServerThread: param("approvalPolicy"),
    appServerTurn: param("approvalPolicy"),
    exec: execConfig("approval_policy"),
    onResume: "always",
  },
  serviceTier: {
    summary: "The speed tier of the model",
    values: "string",
    levels: ["thread", "turn"],
    check: isNonEmptyText,
    appServerThread: param("serviceTier"),
    appServerTurn: param("serviceTierForTurn"),
    exec: execConfig("service_tier"),
    onResume: "always",
  },
  workingDirectory: {
    summary: "Where the agent works",
    values: "path (default: the process's directory)",
    levels: ["thread", "turn"],
    check: isNonEmptyText,
    appServerThread: param("cwd"),
    appServerTurn: param("cwd"),
    exec: flag("--cd"),
    onResume: "always",
  },
  skipGitRepoCheck: {
    summary: "Allows a working directory outside any git repository",
    values: "boolean (default false)",
    levels: ["thread"],
    check: isBoolean,
    appServerThread: "local",
    appServerTurn: "not offered",
    exec: "local",
    onResume: "local",
  },
  webSearchEnabled: {
    summary: "Short for webSearchMode live (true) or disabled (false)",
    values: "boolean",
    levels: ["thread"],
    check: isBoolean,
    appServerThread: {
      as: "`config.web_search`",
      put: (value, draft) => void (draft.config["web_search"] = value ? "live" : "disabled"),
    },
    appServerTurn: "not offered",
    exec: {
      as: "`--config web_search`",
      put: (value, draft) => void (draft.managed["web_search"] = value ? "live" : "disabled"),
    },
    onResume: "always",
  },
  webSearchMode: {
    summary: "Whether the model may search the web, and where",
    values: "disabled, cached, live",
    levels: ["thread"],
    check: isOneOf("disabled", "cached", "live"),
    appServerThread: threadConfig("web_search"),
    appServerTurn: "not offered",
    exec: execConfig("web_search"),
    onResume: "always",
  },
  baseInstructions: {
    summary: "Replaces codex's own base instructions",
    values: "string",
    levels: ["thread"],
    check: isNonEmptyText,
    appServerThread: param("baseInstructions"),
    appServerTurn: "not offered",
    exec: execConfig("instructions"),
    onResume: "always",
  },
  developerInstructions: {
    summary: "Instructions added as a developer message",
    values: "string",
    levels: ["thread"],
    check: isNonEmptyText,
    appServerThread: param("developerInstructions"),
    appServerTurn: "not offered",
    exec: execConfig("developer_instructions"),
    onResume: "new only",
  },
  ephemeral: {
    summary: "Keeps the thread in memory only",
    values: "boolean (default false)",
    levels: ["thread"],
    check: isBoolean,
    appServerThread: param("ephemeral"),
    appServerTurn: "not offered",
    exec: { as: "`--ephemeral`", put: (value, draft) => void (value && draft.flags.push("--ephemeral")) },
    onResume: "new only",
  },
  threadSource: {
    summary: "A label of where the thread comes from",
    values: "string",
    levels: ["thread"],
    check: isNonEmptyText,
    appServerThread: param("threadSource"),
    appServerTurn: "not offered",
    exec: flag("--thread-source"),
    onResume: "new only",
  },
  serviceName: {
    summary: "A label of the service that works with the thread",
    values: "string",
    levels: ["thread"],
    check: isNonEmptyText,
    appServerThread: param("serviceName"),
    appServerTurn: "not offered",
    exec: "unsupported",
    onResume: "new only",
  },
};

/** How the client's options reach codex; the transports act on them. */
export const clientOptionsTable: { readonly [K in keyof Required<TransportOptions>]: ClientOptionRow } = {
  codexPathOverride: row("The codex binary to use", "path", isNonEmptyText, "the process", "the process"),
  baseUrl: row(
    "An OpenAI-compatible endpoint",
    "http(s) URL",
    isAbsoluteUrl,
    "a model provider by `-c`",
    "a model provider by `-c`",
  ),
  apiKey: row("The API key", "string", isNonEmptyText, "`account/login/start`, in memory", "`CODEX_API_KEY`"),
  config: row(
    "Values of codex's config.toml for every thread",
    "object",
    isConfig,
    "`config` of each thread",
    "`--config path=value`",
  ),
  configOverrides: row("Raw `key=value` overrides", "list of strings", isOverrideList, "`--config`", "`--config`"),
  env: row("The whole environment of codex", "object", isConfig, "the process", "the process"),
  strictVersion: row("Refuses an unproven codex version", "boolean (default false)", isBoolean, "local", "local"),
};

export interface ClientOptionRow {
  readonly summary: string;
  readonly values: string;
  readonly check: (value: unknown) => string | null;
  readonly appServer: string;
  readonly exec: string;
}

function row(
  summary: string,
  values: string,
  check: ClientOptionRow["check"],
  appServer: string,
  exec: string,
): ClientOptionRow {
  return { summary, values, check, appServer, exec };
}

function param(name: string): Wire<string | boolean, AppServerDraft> {
  return { as: `\`${name}\``, put: (value, draft) => void (draft.params[name] = value) };
}

function threadConfig(path: string): Wire<string | boolean | readonly string[], AppServerDraft> {
  return { as: `\`config.${path}\``, put: (value, draft) => void (draft.config[path] = value) };
}

function execConfig(path: string): Wire<string | boolean | readonly string[], ExecDraft> {
  return { as: `\`--config ${path}\``, put: (value, draft) => void (draft.managed[path] = value) };
}

function flag(name: string): Wire<string, ExecDraft> {
  return { as: `\`${name}\``, put: (value, draft) => void draft.flags.push(name, value) };
}
