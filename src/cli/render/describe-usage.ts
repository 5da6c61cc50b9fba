import type { TurnUsage } from "../../index.js";

/** The tokens of a turn in words. */
export function describeUsage({ turn }: TurnUsage): string {
  if (turn === undefined) return "not told";
  const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens } = turn;
  return `${inputTokens} tokens in (${cachedInputTokens} cached), ${outputTokens} out (${reasoningOutputTokens} reasoning)`;
}
