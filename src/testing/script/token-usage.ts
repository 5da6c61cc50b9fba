/** Tokens of one model response, in the words of the scripts. Everything that is left out counts as 0. */
export interface ScriptedUsage {
  /** All input tokens, cached ones included. */
  readonly input?: number;
  readonly cached?: number;
  /** All output tokens, reasoning included. */
  readonly output?: number;
  readonly reasoning?: number;
}

/** A part that sets the token usage which its response reports. */
export interface UsagePart {
  readonly type: "usage";
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/**
 * The token usage of one response. Codex adds up the responses of a turn, and its totals run over the whole thread.
 *
 * @example
 * ```ts
 * import { message, respond, usage } from "codexkit/testing";
 *
 * const step = respond(message("Done."), usage({ input: 120, cached: 20, output: 8, reasoning: 2 }));
 * ```
 */
export function usage(tokens: ScriptedUsage): UsagePart {
  const { input = 0, cached = 0, output = 0, reasoning = 0 } = tokens;
  return { type: "usage", input, cached, output, reasoning };
}
