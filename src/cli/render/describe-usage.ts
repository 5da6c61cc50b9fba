import type { TurnUsage } from "../../index.js";

/** Describes the tokens of a turn. */
export function describeUsage({ turn }: TurnUsage): string {
  if (turn === undefined) return "unknown";
  const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens } = turn;
  return `${inputTokens} tokens in (${cachedInputTokens} cached), ${outputTokens} out (${reasoningOutputTokens} reasoning)`;
}
