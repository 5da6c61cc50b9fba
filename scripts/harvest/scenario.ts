import type { TransportName } from "../../src/index.js";
import type { ScriptEntry } from "../../src/testing/index.js";
import type { Stage } from "./stage.js";

/** One piece of work whose wire is kept as a fixture: what the model says, and what the client does. */
export interface Scenario {
  /** The name of its fixtures. */
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly about: string;
  /** Where it is recorded. Default: on both. */
  readonly transports?: readonly TransportName[];
  /**
   * True where the work is requests of the app-server protocol itself, whose end only the wire tells: such a recording
   * holds no turn of codexkit's own.
   */
  readonly bare?: boolean;
  /** Configuration over what every scenario has. */
  readonly config?: Readonly<Record<string, string | number | boolean | object>>;
  /** Files that lie in the work tree, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the model answers, request by request. */
  readonly model: () => readonly ScriptEntry[];
  /** What the client does. */
  readonly play: (stage: Stage) => Promise<void>;
}
