import type { ThreadEvent } from "../../protocol/index.js";
import type { RunPlan } from "./auto-run-options.js";
import type { AutoRunThread } from "./auto-run-thread.js";
import type { RunClock } from "./run-clock.js";
import type { GuardrailTold } from "./run-guardrails.js";
import type { CallHook } from "./run-hooks.js";
import type { RunRecord } from "./run-record.js";
import type { RunStop } from "./run-stop.js";

/** What the parts of one run share. */
export interface RunScope {
  readonly thread: AutoRunThread;
  readonly plan: RunPlan;
  readonly clock: RunClock;
  readonly record: RunRecord;
  /** Fires when the run is to end: it wakes whatever the run waits for. */
  readonly signal: AbortSignal;
  readonly stop: RunStop | null;
  readonly call: CallHook;
  readonly emit: (event: ThreadEvent) => void;
  /** Waited for before more is read. */
  readonly ready: () => Promise<void>;
  /** Ends the run; the first reason counts. */
  readonly halt: (stop: RunStop) => void;
  readonly guarded: (told: GuardrailTold) => void;
}

export function throwIfStopped({ stop }: { readonly stop: RunStop | null }): void {
  if (stop !== null) throw new Error("The run was stopped.");
}
