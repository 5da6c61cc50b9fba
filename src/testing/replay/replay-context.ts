import type { MismatchLog } from "../script/mismatch-log.js";
import type { Spelling } from "./spelling.js";

/** The objects that the processes of one replay share. */
export interface ReplayContext {
  readonly spelling: Spelling;
  readonly log: MismatchLog;
}
