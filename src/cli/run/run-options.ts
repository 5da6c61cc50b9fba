import type { SandboxMode, TransportName } from "../../index.js";

/** The options of `codexkit run`. Paths are relative to the current folder. */
export interface RunOptions {
  readonly json: boolean;
  readonly transport: TransportName;
  readonly cd?: string;
  readonly image?: readonly string[];
  readonly outputSchema?: string;
  /** The id of a thread, or `last`. */
  readonly resume?: string;
  readonly sandbox?: SandboxMode;
  readonly model?: string;
  readonly skipGitRepoCheck?: boolean;
  readonly codexPath?: string;
  readonly trustProject?: boolean;
  readonly allowWritableBinary?: boolean;
  /** The time limit of the turn in seconds. */
  readonly timeout?: number;
  readonly approve?: "never" | "ask";
  /** Raw `key=value` overrides of codex's configuration. */
  readonly config?: readonly string[];
  readonly baseUrl?: string;
}
