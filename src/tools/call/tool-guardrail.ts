import type { ToolCallContext } from "./tool-call.js";
import type { ToolResult } from "./tool-output.js";

/**
 * What a guardrail of a tool says: go on; tell the model `message` instead, and go on with the turn; or end the turn with a
 * `GuardrailError`.
 */
export type ToolGuardrailVerdict =
  | { readonly behavior: "allow" }
  | { readonly behavior: "reject"; readonly message: string }
  | { readonly behavior: "throw"; readonly message?: string | undefined };

/** The call as an input guardrail sees it, with the validated arguments. */
export interface ToolInput<Args = unknown, C = unknown> extends ToolCallContext<C> {
  readonly arguments: Args;
}

/** The call as an output guardrail sees it, with what `execute` gave. */
export interface ToolInputAndOutput<Args = unknown, C = unknown> extends ToolInput<Args, C> {
  readonly output: ToolResult;
}

/** A check of a tool's calls. One that throws, or answers anything else than a verdict, rejects the call. */
export type ToolGuardrail<Call> =
  | ((call: Call) => ToolGuardrailVerdict | Promise<ToolGuardrailVerdict>)
  | {
      /** Named in a `GuardrailError`. Default for a function: its own name. */
      readonly name: string;
      readonly check: (call: Call) => ToolGuardrailVerdict | Promise<ToolGuardrailVerdict>;
    };

/** Looks at the arguments before anybody is asked and before `execute`. */
export type ToolInputGuardrail<Args = unknown, C = unknown> = ToolGuardrail<ToolInput<Args, C>>;

/** Looks at the output before the model is told. */
export type ToolOutputGuardrail<Args = unknown, C = unknown> = ToolGuardrail<ToolInputAndOutput<Args, C>>;
