import type { PartialTurnResult, TransportName, TurnUsage } from "../../index.js";
import type { ExitCode } from "../exit-codes.js";
import type { ResultError } from "../result-error.js";

/** What came of a run: the last line of `codexkit run --json`. */
export interface RunResult {
  readonly type: "codexkit.run.result";
  readonly ok: boolean;
  readonly exitCode: ExitCode;
  readonly transport: TransportName;
  /** Null where no thread was begun. */
  readonly threadId: string | null;
  /** Null also on exec, which has no turn ids. */
  readonly turnId: string | null;
  /** How the turn ended; null where there was none. */
  readonly status: PartialTurnResult["status"] | null;
  /** The answer; of an interrupted turn what there is of it. */
  readonly finalResponse: string | null;
  /** The answer as the schema of `--output-schema` means it; absent without one, and where there is no such answer. */
  readonly output?: unknown;
  readonly usage: TurnUsage | null;
  readonly durationMs: number;
  readonly error: ResultError | null;
}
