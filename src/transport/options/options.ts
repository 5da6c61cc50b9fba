/** The limits of commands. Default `read-only`. Mirrors codex's `sandbox_mode`. */
export type SandboxMode = "read-only" | "workspace-write" | "danger-full-access";

/**
 * The conditions under which codex asks for approval. `on-request`: if the model wants to leave the sandbox. `untrusted`: for
 * every command, and each accepted command runs **outside the sandbox**, also an ordinary one. `never`: codex does not ask.
 * Mirrors the app-server's `AskForApproval`.
 */
export type ApprovalPolicy = "never" | "on-request" | "untrusted";

/** The reasoning effort of the model; a model may support further values. Mirrors `ReasoningEffort`. */
export type ModelReasoningEffort =
  "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | "ultra" | "persistent" | (string & {});

/** The detail of the reasoning summaries. Mirrors `ReasoningSummary`. */
export type ModelReasoningSummary = "auto" | "concise" | "detailed" | "none";

/** The mode of web search. Mirrors codex's `web_search`. */
export type WebSearchMode = "disabled" | "cached" | "indexed" | "live";

/** Values of codex's `config.toml`, with the same nesting. `undefined` entries are ignored; `null` is refused. */
export interface CodexConfigObject {
  readonly [key: string]: CodexConfigValue | undefined;
}
export type CodexConfigValue = string | number | boolean | readonly CodexConfigValue[] | CodexConfigObject;

/** Options of a thread. Set on a turn, they apply to that turn only. */
export interface SharedOptions {
  /** The directory that the agent works in, relative to the process's directory. Default: the process's directory. */
  readonly workingDirectory?: string | undefined;
  /** The model. Default: the user's configuration, else codex's own default. */
  readonly model?: string | undefined;
  /** The reasoning effort of the model. Default: the model's own. */
  readonly modelReasoningEffort?: ModelReasoningEffort | undefined;
  /** The detail of the reasoning summaries. Default: the user's configuration. */
  readonly modelReasoningSummary?: ModelReasoningSummary | undefined;
  /** The limits of commands. Default `read-only`. */
  readonly sandboxMode?: SandboxMode | undefined;
  /** Allows sandboxed commands to use the network; requires `sandboxMode: "workspace-write"`. Default `false`. */
  readonly networkAccessEnabled?: boolean | undefined;
  /** Further directories that commands may write to; requires `sandboxMode: "workspace-write"`. */
  readonly additionalDirectories?: readonly string[] | undefined;
  /**
   * The conditions under which codex asks for approval. Default `on-request` with `onApproval`, else `never`, the only value
   * on exec. With `untrusted` each accepted command runs outside the sandbox.
   */
  readonly approvalPolicy?: ApprovalPolicy | undefined;
  /** The speed tier of the model, such as `priority`. Default: the user's configuration. */
  readonly serviceTier?: string | undefined;
}

/** A path that commands must neither read nor change, or with `access: "read"` a path that they must not change. */
export type ProtectedPath = string | { readonly path: string; readonly access: "read" };

/** The options with which a thread is started, resumed or updated. */
export interface ThreadOptions extends SharedOptions {
  /** Allows a working directory outside any git repository. Default `false`. */
  readonly skipGitRepoCheck?: boolean | undefined;
  /**
   * Files and folders of the working directory that commands and patches can neither read nor change, also if they do not
   * exist yet; with `{ path, access: "read" }` only not change. codex's sandbox enforces it by a permission profile, on both
   * transports. Commands that were accepted to run outside the sandbox are not bound by it. No globs. The folder of a path must
   * exist. Not with `danger-full-access`. Turns and updates cannot change the sandbox of such a thread.
   */
  readonly protectedPaths?: readonly ProtectedPath[] | undefined;
  /**
   * Trusts the repository of the working directory: codex loads its `.codex/` folder (MCP servers and hooks that run outside
   * the sandbox, rules that allow commands, variables of shells) and its AGENTS.md. Applies to this thread only; nothing is
   * written to the user's configuration. Default `false`, also if the user's configuration trusts the folder.
   */
  readonly trustProject?: boolean | undefined;
  /** The model provider, one of `config.model_providers` or a built-in one. Default: the user's configuration. */
  readonly modelProvider?: string | undefined;
  /** The mode of web search. Default: the user's configuration. */
  readonly webSearchMode?: WebSearchMode | undefined;
  /** Sets `webSearchMode` to `live` (true) or `disabled` (false). */
  readonly webSearchEnabled?: boolean | undefined;
  /** The most sub-agents of the thread that work at one time. `0` switches sub-agents off. Default: that of codex. */
  readonly maxAgents?: number | undefined;
  /** Replaces codex's own base instructions. */
  readonly baseInstructions?: string | undefined;
  /** Instructions added as a developer message. */
  readonly developerInstructions?: string | undefined;
  /** Configuration of this thread. It overrides that of the client. */
  readonly config?: CodexConfigObject | undefined;
  /** Keeps the thread in memory only, so that it cannot be resumed. Default `false`. */
  readonly ephemeral?: boolean | undefined;
  /** A label for the origin of the thread; new threads only. */
  readonly threadSource?: string | undefined;
  /** A label for the service that uses the thread; new threads only. */
  readonly serviceName?: string | undefined;
}

/** The name of one of the two transports. */
export type TransportName = "app-server" | "exec";

/** The options of `new Codex()` that apply to its transport. */
export interface TransportOptions {
  /** The path of the codex binary. Default: `CODEX_PATH`, the npm package, then `PATH`. */
  readonly codexPathOverride?: string | undefined;
  /** The URL of an OpenAI-compatible endpoint for the model's requests. WebSocket is not used. */
  readonly baseUrl?: string | undefined;
  /** The API key. It stays in memory: argv, files and the model's commands never contain it. */
  readonly apiKey?: string | undefined;
  /** Configuration of every thread of the client. */
  readonly config?: CodexConfigObject | undefined;
  /** Raw `key=value` overrides, passed to codex as `--config` without changes. The process list shows them. */
  readonly configOverrides?: readonly string[] | undefined;
  /** The complete environment of codex. Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Starts codex even if its binary lies in a folder that the sandbox allows the agent's commands to write to. A command can
   * then replace it, and the next start runs the replacement with the API key. Default `false`.
   */
  readonly allowWritableBinary?: boolean | undefined;
  /**
   * Sets `safe.bareRepository=explicit`, `core.fsmonitor=false` and an empty `core.hooksPath` for every git that codex and its
   * commands start, by `GIT_CONFIG_COUNT`. Entries of `env` are kept, and one of the same name has priority. Default `true`.
   */
  readonly hardenGit?: boolean | undefined;
  /** Sets `raw` of each event to the line that codex wrote. `encodeEvent` returns the same JSON without it. Default `false`. */
  readonly keepRaw?: boolean | undefined;
  /** Throws, instead of a warning, if the version of codex is not supported. Default `false`. */
  readonly strictVersion?: boolean | undefined;
}
