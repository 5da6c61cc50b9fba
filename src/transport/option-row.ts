import type { AppServerDraft, ExecDraft, Wire } from "./option-wires.js";

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
