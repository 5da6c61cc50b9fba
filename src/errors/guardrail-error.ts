import { CodexError, type CodexErrorOptions } from "./codex-error.js";

/** The checked value: the input or output of a turn, or the arguments or output of a tool. */
export type GuardrailStage = "input" | "output" | "toolInput" | "toolOutput";

export interface GuardrailErrorOptions extends CodexErrorOptions {
  /** The name of the guardrail that tripped. */
  readonly guardrail: string;
  readonly stage: GuardrailStage;
  /** Default: a sentence with the name and the stage. */
  readonly message?: string | undefined;
}

/**
 * A guardrail ended the turn or the run: its check returned `throw`, or a guardrail of the run rejected. `guardrail` is its
 * name.
 *
 * @example
 * ```ts
 * import { CodexError, GuardrailError } from "codexkit";
 *
 * function report(error: unknown): string {
 *   if (error instanceof GuardrailError) return `${error.guardrail} stopped the run at its ${error.stage}`;
 *   return CodexError.isInstance(error) ? error.code : "unknown";
 * }
 * ```
 */
export class GuardrailError extends CodexError {
  override name = "GuardrailError";
  readonly guardrail: string;
  readonly stage: GuardrailStage;

  constructor({ guardrail, stage, message, ...options }: GuardrailErrorOptions) {
    const text = message ?? `The guardrail \`${guardrail}\` tripped on the ${places[stage]}.`;
    super("GUARDRAIL_TRIPPED", text, { retryable: false, ...options });
    this.guardrail = guardrail;
    this.stage = stage;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), guardrail: this.guardrail, stage: this.stage };
  }
}

const places: Readonly<Record<GuardrailStage, string>> = {
  input: "input",
  output: "output",
  toolInput: "arguments of a tool",
  toolOutput: "output of a tool",
};
