import type { CodexError } from "../../errors/codex-error.js";
import type { AutoRunTrip } from "./auto-run-result.js";

/** Why a run is ended from outside its turns. */
export type RunStop =
  /** `interrupt()`, or a turn that was interrupted from elsewhere. */
  | { readonly kind: "interrupt" }
  /** The reader left. */
  | { readonly kind: "break" }
  | { readonly kind: "abort"; readonly reason: unknown }
  /** The thread or its client was closed. */
  | { readonly kind: "closed"; readonly reason: unknown }
  | { readonly kind: "approval" }
  | { readonly kind: "guardrail"; readonly trip: AutoRunTrip }
  | { readonly kind: "failed"; readonly error: CodexError };
