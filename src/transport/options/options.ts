/** How far commands may reach. `read-only` is the default. Mirrors codex's `sandbox_mode`. */
export type SandboxMode = "read-only" | "workspace-write" | "danger-full-access";

/** When codex asks before it acts. Mirrors the app-server's `AskForApproval`. */
export type ApprovalPolicy = "never" | "on-request" | "untrusted";

/** How hard the model thinks; a model may know further values. Mirrors `ReasoningEffort`. */
export type ModelReasoningEffort =
  "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | "ultra" | "persistent" | (string & {});

/** How much of its reasoning the model sums up for the reader. Mirrors `ReasoningSummary`. */
export type ModelReasoningSummary = "auto" | "concise" | "detailed" | "none";

/** Whether the model may search the web, and where. Mirrors codex's `web_search`. */
export type WebSearchMode = "disabled" | "cached" | "indexed" | "live";

/** Values of codex's `config.toml`, nested as there. `undefined` entries are skipped; `null` is refused. */
export interface CodexConfigObject {
  readonly [key: string]: CodexConfigValue | undefined;
}
export type CodexConfigValue = string | number | boolean | readonly CodexConfigValue[] | CodexConfigObject;

/** Options that hold for a thread and, given to a turn, for that turn only. */
export interface SharedOptions {
  /** Where the agent works; relative paths start at the process's directory. Default: the process's directory. */
  readonly workingDirectory?: string | undefined;
  /** The model. Default: the user's configuration, else codex's own default. */
  readonly model?: string | undefined;
  /** How hard the model thinks. Default: the model's own. */
  readonly modelReasoningEffort?: ModelReasoningEffort | undefined;
  /** How much reasoning is summed up for the reader. Default: the user's configuration. */
  readonly modelReasoningSummary?: ModelReasoningSummary | undefined;
  /** How far commands may reach. Default `read-only`. */
  readonly sandboxMode?: SandboxMode | undefined;
  /** Whether sandboxed commands may use the network; needs `sandboxMode: "workspace-write"`. Default `false`. */
  readonly networkAccessEnabled?: boolean | undefined;
  /** Directories that commands may write to besides the working directory; needs `sandboxMode: "workspace-write"`. */
  readonly additionalDirectories?: readonly string[] | undefined;
  /** When codex asks before it acts. Default `never`. On exec `never` is the only one. */
  readonly approvalPolicy?: ApprovalPolicy | undefined;
  /** The speed tier of the model, such as `priority`. Default: the user's configuration. */
  readonly serviceTier?: string | undefined;
}

/** What a thread is started, resumed or updated with. */
export interface ThreadOptions extends SharedOptions {
  /** Allows a working directory outside any git repository. Default `false`. */
  readonly skipGitRepoCheck?: boolean | undefined;
  /** The model provider, one of `config.model_providers` or a built-in one. Default: the user's configuration. */
  readonly modelProvider?: string | undefined;
  /** Whether the model may search the web, and where. Default: the user's configuration. */
  readonly webSearchMode?: WebSearchMode | undefined;
  /** Short for `webSearchMode: "live"` (`true`) or `"disabled"` (`false`). */
  readonly webSearchEnabled?: boolean | undefined;
  /** Replaces codex's own base instructions. */
  readonly baseInstructions?: string | undefined;
  /** Instructions added as a developer message. */
  readonly developerInstructions?: string | undefined;
  /** Configuration for this thread, over the client's. */
  readonly config?: CodexConfigObject | undefined;
  /** Keeps the thread in memory only: it cannot be resumed. Default `false`. */
  readonly ephemeral?: boolean | undefined;
  /** A label of where the thread comes from; new threads only. */
  readonly threadSource?: string | undefined;
  /** A label of the service that works with the thread. */
  readonly serviceName?: string | undefined;
}

/** The name of one of the two transports. */
export type TransportName = "app-server" | "exec";

/** What `new Codex()` takes, as far as a transport is concerned. */
export interface TransportOptions {
  /** The codex binary to use, over `CODEX_PATH`, the package and `PATH`. */
  readonly codexPathOverride?: string | undefined;
  /** An OpenAI-compatible endpoint to send the model's requests to. No WebSocket is tried there. */
  readonly baseUrl?: string | undefined;
  /** The API key. It stays in memory and reaches neither argv, files nor the commands that the model runs. */
  readonly apiKey?: string | undefined;
  /** Configuration for every thread of the client. */
  readonly config?: CodexConfigObject | undefined;
  /** Raw `key=value` overrides, handed to codex as `--config` unchanged. They are visible in the process list. */
  readonly configOverrides?: readonly string[] | undefined;
  /** The whole environment of codex. Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sets `raw` of each event to the line that codex wrote. `encodeEvent` returns the same JSON without it. Default `false`. */
  readonly keepRaw?: boolean | undefined;
  /** Refuses a codex version outside the supported range instead of warning. Default `false`. */
  readonly strictVersion?: boolean | undefined;
}
