import { type OptionRow, execConfig, flag, param, threadConfig } from "./option-wires.js";
import { flattenConfig, layConfig } from "../config/flatten-config.js";
import { isBoolean, isConfig, isNonEmptyText, isOneOf, isTextList } from "./option-checks.js";
import { maxAgentsRow } from "./max-agents-row.js";
import type { ThreadOptions } from "./options.js";
import { protectedPathsRow } from "./protected-paths-row.js";
import { trustRow } from "./trust-row.js";

type WiredOptions = Required<ThreadOptions>;
type OptionsTable = { readonly [K in keyof WiredOptions]: OptionRow<NonNullable<WiredOptions[K]>> };

/**
 * Every option of a thread and a turn: its levels, its form on each transport, and its handling on resume. Params, argv,
 * checks and `docs/options.md` are all made from this table. A later row overrides an earlier one if both set the same value of
 * codex's configuration, so `config` is first.
 */
export const threadOptionsTable: OptionsTable = {
  config: {
    summary: "Values of codex's config.toml for this thread; they override those of the client",
    values: "object",
    levels: ["client", "thread"],
    check: isConfig,
    appServerThread: {
      as: "`config`",
      put: (value, draft) => layConfig(draft.config, flattenConfig(value)),
    },
    appServerTurn: "not offered",
    exec: {
      as: "`--config path=value`",
      put: (value, draft) => layConfig(draft.config, flattenConfig(value)),
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
    summary: "The reasoning effort of the model",
    values: "none, minimal, low, medium, high, xhigh, max, ultra, persistent, or another that the model supports",
    levels: ["thread", "turn"],
    check: isNonEmptyText,
    appServerThread: threadConfig("model_reasoning_effort"),
    appServerTurn: param("effort"),
    exec: execConfig("model_reasoning_effort"),
    onResume: "always",
  },
  modelReasoningSummary: {
    summary: "The detail of the reasoning summaries",
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
    summary: "The limits of commands",
    values: "read-only (default), workspace-write, danger-full-access",
    levels: ["thread", "turn"],
    check: isOneOf("read-only", "workspace-write", "danger-full-access"),
    appServerThread: param("sandbox"),
    appServerTurn: {
      as: "`sandboxPolicy.type`",
      put: (value, draft) => {
        draft.sandbox.mode = value;
      },
    },
    exec: flag("--sandbox"),
    onResume: "always",
  },
  networkAccessEnabled: {
    summary: "Allows sandboxed commands to use the network",
    values: "boolean (default false)",
    levels: ["thread", "turn"],
    check: isBoolean,
    appServerThread: threadConfig("sandbox_workspace_write.network_access"),
    appServerTurn: {
      as: "`sandboxPolicy.networkAccess`",
      put: (value, draft) => {
        draft.sandbox.network = value;
      },
    },
    exec: execConfig("sandbox_workspace_write.network_access"),
    onResume: "always",
  },
  additionalDirectories: {
    summary: "Further directories that commands may write to",
    values: "list of paths",
    levels: ["thread", "turn"],
    check: isTextList,
    appServerThread: threadConfig("sandbox_workspace_write.writable_roots"),
    appServerTurn: {
      as: "`sandboxPolicy.writableRoots`",
      put: (value, draft) => {
        draft.sandbox.roots = value;
      },
    },
    exec: {
      as: "`--add-dir`",
      put: (value, draft) => {
        draft.flags.push(...value.map((directory) => `--add-dir=${directory}`));
      },
    },
    onResume: "always",
  },
  protectedPaths: protectedPathsRow,
  approvalPolicy: {
    summary: "The conditions under which codex asks for approval",
    values:
      "never (default), on-request (default with `onApproval`), untrusted (each accepted command runs outside the sandbox); exec: only never",
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
    summary: "The directory that the agent works in",
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
  trustProject: trustRow,
  webSearchEnabled: {
    summary: "Sets webSearchMode to live (true) or disabled (false)",
    values: "boolean",
    levels: ["thread"],
    check: isBoolean,
    appServerThread: {
      as: "`config.web_search`",
      put: (value, draft) => layConfig(draft.config, { web_search: value ? "live" : "disabled" }),
    },
    appServerTurn: "not offered",
    exec: {
      as: "`--config web_search`",
      put: (value, draft) => {
        draft.managed["web_search"] = value ? "live" : "disabled";
      },
    },
    onResume: "always",
  },
  webSearchMode: {
    summary: "The mode of web search",
    values: "disabled, cached, indexed, live",
    levels: ["thread"],
    check: isOneOf("disabled", "cached", "indexed", "live"),
    appServerThread: threadConfig("web_search"),
    appServerTurn: "not offered",
    exec: execConfig("web_search"),
    onResume: "always",
  },
  maxAgents: maxAgentsRow,
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
    exec: {
      as: "`--ephemeral`",
      put: (value, draft) => {
        if (value) draft.flags.push("--ephemeral");
      },
    },
    onResume: "new only",
  },
  threadSource: {
    summary: "A label for the origin of the thread",
    values: "string",
    levels: ["thread"],
    check: isNonEmptyText,
    appServerThread: param("threadSource"),
    appServerTurn: "not offered",
    exec: flag("--thread-source"),
    onResume: "new only",
  },
  serviceName: {
    summary: "A label for the service that uses the thread",
    values: "string",
    levels: ["thread"],
    check: isNonEmptyText,
    appServerThread: param("serviceName"),
    appServerTurn: "not offered",
    exec: "unsupported",
    onResume: "new only",
  },
};

/** The same table for code that iterates over it. The check of a row ensures that its value fits its wires. */
export const optionRows: Readonly<Record<string, OptionRow<unknown>>> = { ...threadOptionsTable };
