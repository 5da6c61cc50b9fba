import type { PartialTurnResult, TransportName, TurnUsage } from "../../index.js";
import type { ExitCode } from "../exit-codes.js";
import type { ResultError } from "../result-error.js";

/** The result of a run: the last line of `codexkit run --json`. */
export interface RunResult {
  readonly type: "codexkit.run.result";
  readonly ok: boolean;
  readonly exitCode: ExitCode;
  readonly transport: TransportName;
  /** Null if no thread was started. */
  readonly threadId: string | null;
  /** Null also on exec, which has no turn ids. */
  readonly turnId: string | null;
  /** The final status of the turn; null if there was no turn. */
  readonly status: PartialTurnResult["status"] | null;
  /** The answer; for an interrupted turn the part that exists. */
  readonly finalResponse: string | null;
  /** The answer parsed with `--output-schema`; absent without that option or without a valid answer. */
  readonly output?: unknown;
  readonly usage: TurnUsage | null;
  readonly durationMs: number;
  readonly error: ResultError | null;
}
