/** Tokens used. The field that has it states which model requests are counted. */
export interface TokenUsage {
  readonly inputTokens: number;
  /** The part of `inputTokens` that the provider read from its cache. */
  readonly cachedInputTokens: number;
  /** The part of `inputTokens` that the provider wrote to its cache. */
  readonly cacheWriteInputTokens: number;
  readonly outputTokens: number;
  /** The part of `outputTokens` that was reasoning. */
  readonly reasoningOutputTokens: number;
  /**
   * All input and output tokens. App-server only: exec does not report it, so it is absent there; use
   * `inputTokens + outputTokens`.
   */
  readonly totalTokens?: number;
}
