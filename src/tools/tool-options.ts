import type { ToolCallContext } from "./call/tool-call.js";
import type { ToolInputGuardrail, ToolOutputGuardrail } from "./call/tool-guardrail.js";
import type { ToolOutput, ToolResult } from "./call/tool-output.js";
import type { ArgumentsOf, NoParameters, ToolParameters } from "./schema/tool-parameters.js";

/** What a tool is made of, but for what it does. */
export interface ToolSettings<P extends ToolParameters = NoParameters, C = unknown> {
  /** Tells the model what it does and when to call it. */
  readonly description: string;
  /**
   * The schema of the arguments. They are validated before anything else sees them; codex does not. Default: no arguments.
   */
  readonly parameters?: P | undefined;
  /** Groups tools: 1 to 64 of `a-z A-Z 0-9 _ -`. Default: none. */
  readonly namespace?: string | undefined;
  /** `false` keeps the tool from the model. A function is asked at each call, and one that throws says no. Default: true. */
  readonly isEnabled?: boolean | ((call: ToolCallContext<C>) => boolean | Promise<boolean>) | undefined;
  /**
   * Milliseconds for a call: checks, guardrails and `execute`, without the wait for an approval. Then `signal` fires and the model
   * is told. Null for no bound. Default 300,000 (5 minutes), as codex has it for MCP tools.
   */
  readonly timeoutMs?: number | null | undefined;
  /** Whether `onApproval` is asked before `execute`. A function that throws asks. Default: false. */
  readonly needsApproval?:
    boolean | ((args: ArgumentsOf<P>, call: ToolCallContext<C>) => boolean | Promise<boolean>) | undefined;
  /** What the model is told of an `execute` that threw. Default, and for `undefined`: the error's message. */
  readonly onError?: ((error: unknown, call: ToolCallContext<C>) => string | ToolOutput | undefined) | undefined;
  readonly inputGuardrails?: readonly ToolInputGuardrail<ArgumentsOf<P>, C>[] | undefined;
  readonly outputGuardrails?: readonly ToolOutputGuardrail<ArgumentsOf<P>, C>[] | undefined;
}

/** What `tool()` takes. */
export interface ToolOptions<P extends ToolParameters = NoParameters, C = unknown> extends ToolSettings<P, C> {
  /** 1 to 128 of `a-z A-Z 0-9 _ -`, together with the namespace; none of codex's own names. */
  readonly name: string;
  readonly execute: (args: ArgumentsOf<P>, call: ToolCallContext<C>) => ToolResult | Promise<ToolResult>;
}
