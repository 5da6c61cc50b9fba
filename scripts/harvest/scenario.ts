import type { TransportName } from "../../src/index.js";
import type { ScriptEntry } from "../../src/testing/index.js";
import type { Stage } from "./stage.js";

/** One scenario whose wire is stored as a fixture: the answers of the model, and the actions of the client. */
export interface Scenario {
  /** The name of its fixtures. */
  readonly name: string;
  /** A description in one sentence. */
  readonly about: string;
  /** The transports on which it is recorded. Default: both. */
  readonly transports?: readonly TransportName[];
  /**
   * True if the work consists of requests of the app-server protocol, whose end is visible on the wire only: such a
   * recording contains no turn of codexkit.
   */
  readonly bare?: boolean;
  /** Configuration in addition to that of every scenario. */
  readonly config?: Readonly<Record<string, string | number | boolean | object>>;
  /** Files in the work tree, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The answers of the model, request by request. */
  readonly model: () => readonly ScriptEntry[];
  /** The actions of the client. */
  readonly play: (stage: Stage) => Promise<void>;
}
