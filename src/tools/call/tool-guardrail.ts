import type { ToolCallContext } from "./tool-call.js";
import type { ToolResult } from "./tool-output.js";

/**
 * The result of a tool guardrail. `allow` continues the call. `reject` returns `message` to the model in place of the tool's
 * result, and the turn continues. `throw` ends the turn with a `GuardrailError`.
 */
export type ToolGuardrailVerdict =
  | { readonly behavior: "allow" }
  | { readonly behavior: "reject"; readonly message: string }
  | { readonly behavior: "throw"; readonly message?: string | undefined };

/** The input of an input guardrail: the call with its validated arguments. */
export interface ToolInput<Args = unknown, C = unknown> extends ToolCallContext<C> {
  readonly arguments: Args;
}

/** The input of an output guardrail: the call with its validated arguments and the result of `execute`. */
export interface ToolInputAndOutput<Args = unknown, C = unknown> extends ToolInput<Args, C> {
  readonly output: ToolResult;
}

/** Checks the calls of a tool. A guardrail that throws, or returns anything but a verdict, rejects the call. */
export type ToolGuardrail<Call> =
  | ((call: Call) => ToolGuardrailVerdict | Promise<ToolGuardrailVerdict>)
  | {
      /** The name in a `GuardrailError`. A guardrail that is a function uses its own name. */
      readonly name: string;
      readonly check: (call: Call) => ToolGuardrailVerdict | Promise<ToolGuardrailVerdict>;
    };

/** Checks the arguments before the approval and before `execute`. */
export type ToolInputGuardrail<Args = unknown, C = unknown> = ToolGuardrail<ToolInput<Args, C>>;

/** Checks the output before the model receives it. */
export type ToolOutputGuardrail<Args = unknown, C = unknown> = ToolGuardrail<ToolInputAndOutput<Args, C>>;
