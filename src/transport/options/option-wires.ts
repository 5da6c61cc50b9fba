import type { JsonValue } from "../../internal/json.js";
import { layConfig } from "../config/flatten-config.js";
import type { SandboxMode } from "./options.js";

/** An app-server request under construction: its own fields and codex's configuration. */
export interface AppServerDraft {
  /** The working directory, which decides the folders of `projects`. */
  readonly folder: string;
  readonly params: Record<string, JsonValue>;
  readonly config: Record<string, JsonValue>;
  readonly sandbox: { mode?: SandboxMode; network?: boolean; roots?: readonly string[] };
}

/** An exec call under construction: flags, and values of codex's configuration by dotted path. */
export interface ExecDraft {
  /** The working directory, which decides the folders of `projects`. */
  readonly folder: string;
  readonly flags: string[];
  /** The user's configuration. Raw `configOverrides` override it. */
  readonly config: Record<string, JsonValue>;
  /** The values of codexkit's own options. They override both. */
  readonly managed: Record<string, JsonValue>;
}

/** The way of an option to a transport: its name in `docs/options.md`, and the function that adds it to the draft. */
export interface Wire<V, Draft> {
  readonly as: string;
  put(value: V, draft: Draft): void;
}

/** Sets a field of the request. */
export function param(name: string): Wire<string | boolean, AppServerDraft> {
  return {
    as: `\`${name}\``,
    put: (value, draft) => {
      draft.params[name] = value;
    },
  };
}

/** Sets a value of codex's configuration that is sent with the thread. */
export function threadConfig(path: string): Wire<string | boolean | readonly string[], AppServerDraft> {
  return {
    as: `\`config.${path}\``,
    put: (value, draft) => {
      layConfig(draft.config, { [path]: value });
    },
  };
}

/** Sets a value of codex's configuration that is passed as `--config`. */
export function execConfig(path: string): Wire<string | boolean | readonly string[], ExecDraft> {
  return {
    as: `\`--config ${path}\``,
    put: (value, draft) => {
      draft.managed[path] = value;
    },
  };
}

/** Adds a flag and its value as one argument, so that the value may begin with a dash. */
export function flag(name: string): Wire<string, ExecDraft> {
  return {
    as: `\`${name}\``,
    put: (value, draft) => {
      draft.flags.push(`${name}=${value}`);
    },
  };
}

/** The objects that an option can belong to. */
export type OptionLevel = "client" | "thread" | "turn";

/** `local`: codexkit handles the option itself. `unsupported`: the option throws `UnsupportedFeatureError` on this transport. */
export interface OptionRow<V> {
  readonly summary: string;
  readonly values: string;
  readonly levels: readonly OptionLevel[];
  readonly check: (value: unknown) => string | null;
  readonly appServerThread: Wire<V, AppServerDraft> | "local" | "unsupported" | "not offered";
  readonly appServerTurn: Wire<V, AppServerDraft> | "local" | "not offered";
  readonly exec: Wire<V, ExecDraft> | "local" | "unsupported";
  /** True if `codex exec resume` ignores the option and keeps the value of the thread's first turn. */
  readonly execKeepsFirst?: true;
  /** `always`: codex may forget the option, so it is sent again on resume and fork. `new only`: refused on resume. */
  readonly onResume: "always" | "new only" | "local";
}
