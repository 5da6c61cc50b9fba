import type { CodexError } from "../errors/codex-error.js";
import type { PartialTurnResult } from "./turn-result.js";

/** Why we ended the turn ourselves. */
export type Stop =
  | { readonly kind: "abort"; readonly reason: unknown }
  | { readonly kind: "break" }
  | { readonly kind: "interrupt" }
  /** A guardrail, or another answer to codex, ended it by an error. */
  | { readonly kind: "refused"; readonly error: CodexError }
  | { readonly kind: "closed"; readonly closed: "client" | "thread" }
  | { readonly kind: "timeout"; readonly limit: "timeoutMs" | "idleTimeoutMs"; readonly milliseconds: number };

export interface TurnOutcome {
  readonly result: PartialTurnResult;
  /** Why no terminal event came, if none did. */
  readonly error: CodexError | null;
  readonly stop: Stop | null;
}
