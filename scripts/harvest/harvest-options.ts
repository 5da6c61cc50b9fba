import type { TransportName } from "../../src/index.js";

/** The options of `npm run harvest`. */
export interface HarvestOptions {
  /** The names of the selected scenarios; an empty list selects all. */
  readonly scenario?: readonly string[];
  readonly transport?: TransportName;
  readonly check: boolean;
  readonly times: number;
  readonly dir: string;
  readonly jobs: number;
  readonly codexPath?: string;
  readonly json: boolean;
}
