import type { JsonValue } from "../../internal/json.js";
import { layConfig } from "../config/flatten-config.js";
import type { SandboxMode } from "./options.js";

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
  put(value: V, draft: Draft): void;
}

/** A field of the request. */
export function param(name: string): Wire<string | boolean, AppServerDraft> {
  return {
    as: `\`${name}\``,
    put: (value, draft) => {
      draft.params[name] = value;
    },
  };
}

/** A value of codex's configuration, sent with the thread. */
export function threadConfig(path: string): Wire<string | boolean | readonly string[], AppServerDraft> {
  return {
    as: `\`config.${path}\``,
    put: (value, draft) => {
      layConfig(draft.config, { [path]: value });
    },
  };
}

/** A value of codex's configuration, given as `--config`. */
export function execConfig(path: string): Wire<string | boolean | readonly string[], ExecDraft> {
  return {
    as: `\`--config ${path}\``,
    put: (value, draft) => {
      draft.managed[path] = value;
    },
  };
}

/** A flag with its value in one word, so that a value may begin with a dash. */
export function flag(name: string): Wire<string, ExecDraft> {
  return {
    as: `\`${name}\``,
    put: (value, draft) => {
      draft.flags.push(`${name}=${value}`);
    },
  };
}

/** Where an option may be given. */
export type OptionLevel = "client" | "thread" | "turn";

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
