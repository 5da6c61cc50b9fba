import type { ToolCallContext } from "./call/tool-call.js";
import type { ToolInputGuardrail, ToolOutputGuardrail } from "./call/tool-guardrail.js";
import type { ToolOutput, ToolResult } from "./call/tool-output.js";
import type { ArgumentsOf, NoParameters, ToolParameters } from "./schema/tool-parameters.js";

/** The options of a tool, without its name and its function. */
export interface ToolSettings<P extends ToolParameters = NoParameters, C = unknown> {
  /** States for the model what the tool does and when to call it. */
  readonly description: string;
  /**
   * The schema of the arguments. codexkit validates them before it calls any other function of the tool; codex does not
   * validate them. Default: no arguments.
   */
  readonly parameters?: P | undefined;
  /** A group of tools: 1 to 64 characters of `a-z A-Z 0-9 _ -`. Default: none. */
  readonly namespace?: string | undefined;
  /** `false` hides the tool from the model. A function is called for each call; if it throws, the call is refused. Default: `true`. */
  readonly isEnabled?: boolean | ((call: ToolCallContext<C>) => boolean | Promise<boolean>) | undefined;
  /**
   * The time limit of a call in milliseconds: checks, guardrails and `execute`, without the wait for an approval. After it,
   * `signal` aborts and the model receives a failure. `null` for no limit. Default: 300,000 (5 minutes), codex's default for
   * MCP tools.
   */
  readonly timeoutMs?: number | null | undefined;
  /** Whether a call needs an approval before `execute`. If a function throws, the call needs one. Default: `false`. */
  readonly needsApproval?:
    boolean | ((args: ArgumentsOf<P>, call: ToolCallContext<C>) => boolean | Promise<boolean>) | undefined;
  /** Returns the text for the model if `execute` throws. Default, and for `undefined`: the error's message. */
  readonly onError?: ((error: unknown, call: ToolCallContext<C>) => string | ToolOutput | undefined) | undefined;
  readonly inputGuardrails?: readonly ToolInputGuardrail<ArgumentsOf<P>, C>[] | undefined;
  readonly outputGuardrails?: readonly ToolOutputGuardrail<ArgumentsOf<P>, C>[] | undefined;
}

/** The options of `tool()`. */
export interface ToolOptions<P extends ToolParameters = NoParameters, C = unknown> extends ToolSettings<P, C> {
  /** 1 to 128 characters of `a-z A-Z 0-9 _ -`, including the namespace. It must not be a name of codex's own tools. */
  readonly name: string;
  readonly execute: (args: ArgumentsOf<P>, call: ToolCallContext<C>) => ToolResult | Promise<ToolResult>;
}
