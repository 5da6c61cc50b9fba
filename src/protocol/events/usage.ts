/** Tokens spent. Which requests are summed up in it is said where it appears. */
export interface TokenUsage {
  readonly inputTokens: number;
  /** The part of `inputTokens` that the provider had in its cache. */
  readonly cachedInputTokens: number;
  /** The part of `inputTokens` that the provider wrote to its cache. */
  readonly cacheWriteInputTokens: number;
  readonly outputTokens: number;
  /** The part of `outputTokens` that was reasoning. */
  readonly reasoningOutputTokens: number;
  /** App-server only. */
  readonly totalTokens?: number;
}
