import { AppendList } from "../../internal/append-list.js";
import type {
  ErrorEvent,
  ThreadEvent,
  ThreadItem,
  TokenUsage,
  TurnCompletedEvent,
  TurnFailure,
} from "../../protocol/index.js";
import type { PartialTurnResult } from "./turn-result.js";
import { toTurnUsage, type UsageBaseline, type UsageReport, type UsageSpan, withReport } from "./turn-usage.js";

/** The state of a turn after the events so far. */
export interface TurnSummary {
  readonly status: "inProgress" | "completed" | "interrupted" | "failed";
  readonly threadId: string | null;
  readonly turnId: string | null;
  readonly items: AppendList<ThreadItem>;
  readonly openItems: ReadonlyMap<string, ThreadItem>;
  /** The thread's total before the turn, which codex reports when a thread is resumed; null without a report. */
  readonly usageBefore: TokenUsage | null;
  readonly usageSpans: readonly UsageSpan[];
  /** The error that codex ended the turn with. Before the end: codex's last error, unless progress followed. */
  readonly error: TurnFailure | null;
  readonly started: boolean;
}

export function createTurnSummary(threadId: string | null): TurnSummary {
  return {
    status: "inProgress",
    threadId,
    turnId: null,
    items: new AppendList(),
    openItems: new Map(),
    usageBefore: null,
    usageSpans: [],
    error: null,
    started: false,
  };
}

/** Returns the summary after one more event. A pure function: `run()` returns the fold of it over the stream. */
export function reduceTurn(summary: TurnSummary, event: ThreadEvent): TurnSummary {
  switch (event.type) {
    case "thread.started":
      return { ...summary, threadId: event.threadId };
    case "turn.started":
      return { ...summary, threadId: event.threadId, turnId: event.turnId ?? summary.turnId, started: true };
    case "item.started":
    case "item.updated":
      return { ...summary, error: null, openItems: withItem(summary.openItems, event.item) };
    case "item.completed":
      return {
        ...summary,
        error: null,
        items: summary.items.append(event.item),
        openItems: without(summary.openItems, event.item.id),
      };
    case "thread.tokenUsage.updated":
      return isOfTurn(event.turnId, summary)
        ? withUsage(summary, toReport(event))
        : { ...summary, usageBefore: toReport(event).total };
    case "error":
      return { ...summary, error: event.error, openItems: afterError(summary.openItems, event) };
    case "turn.completed":
      return complete(summary, event);
    default:
      return summary;
  }
}

/** Returns the thread's usage by the last report of the turn, or null without a report. */
export function latestTotalOf({ usageSpans }: TurnSummary): TokenUsage | null {
  return usageSpans.at(-1)?.latest.total ?? null;
}

/** Returns the summary as the result that callers receive. */
export function toPartialResult(
  summary: TurnSummary,
  { baseline, durationMs }: { readonly baseline: UsageBaseline; readonly durationMs: number },
): PartialTurnResult {
  const items = summary.items.toArray();
  return {
    status: summary.status,
    finalResponse: finalResponseOf(items),
    items,
    unfinishedItems: [...summary.openItems.values()],
    usage: toTurnUsage(summary.usageBefore ?? baseline, summary.usageSpans),
    threadId: summary.threadId,
    turnId: summary.turnId,
    durationMs,
    error: summary.error,
  };
}

function complete(summary: TurnSummary, event: TurnCompletedEvent): TurnSummary {
  const { status } = event.turn;
  const known = status === "completed" || status === "interrupted" || status === "failed" ? status : "failed";
  const error = known === "completed" ? null : (event.turn.error ?? summary.error);
  const ended = { ...summary, status: known, error, turnId: event.turnId ?? summary.turnId };
  return event.usage === undefined ? ended : withUsage(ended, { total: event.usage });
}

function withUsage<S extends TurnSummary>(summary: S, report: UsageReport): S {
  return { ...summary, usageSpans: withReport(summary.usageSpans, report) };
}

function toReport({ tokenUsage }: Extract<ThreadEvent, { type: "thread.tokenUsage.updated" }>): UsageReport {
  const { total, last, modelContextWindow } = tokenUsage;
  return { total: toUsage(total), last: toUsage(last), window: modelContextWindow ?? null };
}

function toUsage(usage: TokenUsage): TokenUsage {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens, totalTokens } = usage;
  const known = {
    inputTokens,
    cachedInputTokens,
    cacheWriteInputTokens: usage.cacheWriteInputTokens,
    outputTokens,
    reasoningOutputTokens,
  };
  return totalTokens === undefined ? known : { ...known, totalTokens };
}

function isOfTurn(turnId: string | null, summary: TurnSummary): boolean {
  return summary.started && (turnId === null || turnId === summary.turnId);
}

/** Removes the open messages if codex retries: it drops them and asks the model again. Commands and tools continue. */
function afterError(open: ReadonlyMap<string, ThreadItem>, { willRetry }: ErrorEvent): ReadonlyMap<string, ThreadItem> {
  return willRetry === true ? new Map([...open].filter(([, item]) => isWork(item))) : open;
}

function withItem(open: ReadonlyMap<string, ThreadItem>, item: ThreadItem): ReadonlyMap<string, ThreadItem> {
  return new Map(open).set(item.id, item);
}

function without(open: ReadonlyMap<string, ThreadItem>, id: string): ReadonlyMap<string, ThreadItem> {
  if (!open.has(id)) return open;
  const rest = new Map(open);
  rest.delete(id);
  return rest;
}

/** Returns the text of the last `final_answer` message, else of the last message without a phase. Never commentary. */
export function finalResponseOf(items: readonly ThreadItem[]): string | null {
  let withoutPhase: string | null = null;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.type !== "agentMessage") continue;
    if (item.phase === "final_answer") return item.text;
    if (item.phase === undefined || item.phase === null) withoutPhase ??= item.text;
  }
  return withoutPhase;
}

/** Whether a command, a tool or another agent is at work: then silence does not mean that the turn hangs. */
export function hasWorkOpen({ openItems }: { readonly openItems: ReadonlyMap<string, ThreadItem> }): boolean {
  for (const item of openItems.values()) if (isWork(item)) return true;
  return false;
}

/** Whether the item is work outside the model, which continues if the model's stream breaks. */
export function isWork({ type }: ThreadItem): boolean {
  return workItems.has(type);
}

/** `subAgentActivity` is not in the list: waiting for sub-agents is a `collabAgentToolCall` of its own. */
const workItems = new Set(["commandExecution", "mcpToolCall", "dynamicToolCall", "collabAgentToolCall"]);
