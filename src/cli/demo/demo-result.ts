import type { TransportName, TurnUsage } from "../../index.js";
import type { ExitCode } from "../exit-codes.js";
import type { ResultError } from "../result-error.js";
import type { DemoApproval, DemoToolCall } from "./demo-calls.js";
import type { TestRun } from "./demo-project.js";

/** The result of a demo: the last line of `codexkit demo --json`. */
export interface DemoResult {
  readonly type: "codexkit.demo.result";
  readonly ok: boolean;
  readonly exitCode: ExitCode;
  readonly mode: "scripted" | "live";
  readonly transport: TransportName;
  /** The codex in use; null if none was started. */
  readonly codex: { readonly version: string | null; readonly path: string | null } | null;
  readonly threadId: string | null;
  /** The final status of the turn; null if there was no turn. */
  readonly status: "completed" | "interrupted" | "failed" | "inProgress" | null;
  readonly finalResponse: string | null;
  readonly usage: TurnUsage | null;
  /** The calls of the demo's host tools, in order. */
  readonly tools: readonly DemoToolCall[];
  /** The approval requests and their decisions. */
  readonly approvals: readonly DemoApproval[];
  /** The changes of codex, in the format of `git diff`. */
  readonly diff: string | null;
  /** The result of the test, which the demo runs at the end. */
  readonly test: TestRun | null;
  readonly durationMs: number;
  /** The folder of the demo; null unless `--keep` is set. */
  readonly directory: string | null;
  readonly error: ResultError | null;
}
