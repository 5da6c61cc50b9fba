import type { TransportName, TurnUsage } from "../../index.js";
import type { ExitCode } from "../exit-codes.js";
import type { ResultError } from "../result-error.js";
import type { DemoApproval, DemoToolCall } from "./demo-calls.js";
import type { TestRun } from "./demo-project.js";

/** What came of a demo: the last line of `codexkit demo --json`. */
export interface DemoResult {
  readonly type: "codexkit.demo.result";
  readonly ok: boolean;
  readonly exitCode: ExitCode;
  readonly mode: "scripted" | "live";
  readonly transport: TransportName;
  /** The codex that did the work; null where none was started. */
  readonly codex: { readonly version: string | null; readonly path: string | null } | null;
  readonly threadId: string | null;
  /** How the turn ended; null where there was none. */
  readonly status: "completed" | "interrupted" | "failed" | "inProgress" | null;
  readonly finalResponse: string | null;
  readonly usage: TurnUsage | null;
  /** The calls of the demo's own tools, in their order. */
  readonly tools: readonly DemoToolCall[];
  /** What was asked for, and who decided. */
  readonly approvals: readonly DemoApproval[];
  /** What codex changed, as `git diff` shows it. */
  readonly diff: string | null;
  /** The test as the demo itself ran it, at the end. */
  readonly test: TestRun | null;
  readonly durationMs: number;
  /** Where everything lies; null unless it was kept. */
  readonly directory: string | null;
  readonly error: ResultError | null;
}
