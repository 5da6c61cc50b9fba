import type { ThreadEvent, ThreadItem, TokenUsage } from "../../../src/protocol/index.js";

/** The ids of the one thread and the one turn whose events are made here, in the form of the decoders. */
const ids = { threadId: "thread-1", turnId: "turn-1" };

export function started(turnId: string | null = ids.turnId): ThreadEvent {
  return { type: "turn.started", threadId: ids.threadId, turnId };
}

export function ended(status: "completed" | "interrupted" | "failed" = "completed"): ThreadEvent {
  return {
    type: "turn.completed",
    ...ids,
    turn: { status, ...(status === "failed" ? { error: { message: "no" } } : {}) },
  };
}

export function endedOnExec(usage: TokenUsage): ThreadEvent {
  return { type: "turn.completed", threadId: ids.threadId, turnId: null, turn: { status: "completed" }, usage };
}

export function message(id: string, text: string, phase?: "commentary" | "final_answer"): ThreadItem {
  return { type: "agentMessage", id, text, ...(phase === undefined ? {} : { phase }) };
}

export function command(id: string): ThreadItem {
  return { type: "commandExecution", id, command: "ls", status: "inProgress" };
}

export function begin(item: ThreadItem): ThreadEvent {
  return { type: "item.started", ...ids, item };
}

export function finish(item: ThreadItem): ThreadEvent {
  return { type: "item.completed", ...ids, item };
}

export function delta(itemId: string, text: string): ThreadEvent {
  return { type: "item.agentMessage.delta", ...ids, itemId, delta: text };
}

/** Usage with `input/cached/output` tokens, as in the acceptance list. */
export function tokens(inputTokens: number, cachedInputTokens: number, outputTokens: number): TokenUsage {
  const totalTokens = inputTokens + outputTokens;
  return {
    inputTokens,
    cachedInputTokens,
    cacheWriteInputTokens: 0,
    outputTokens,
    reasoningOutputTokens: 0,
    totalTokens,
  };
}

export function usageReport(total: TokenUsage, last: TokenUsage, turnId = ids.turnId): ThreadEvent {
  const whole = (usage: TokenUsage) => ({ totalTokens: 0, ...usage });
  const tokenUsage = { total: whole(total), last: whole(last), modelContextWindow: 1_000 };
  return { type: "thread.tokenUsage.updated", threadId: ids.threadId, turnId, tokenUsage };
}
