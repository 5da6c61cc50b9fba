import { AppendList } from "../../internal/append-list.js";
import type { ThreadEvent, ThreadItem, TokenUsage, TurnCompletedEvent, TurnFailure } from "../../protocol/index.js";
import type { PartialTurnResult, TurnUsage } from "./turn-result.js";
import { toTurnWarning, type TurnWarning } from "./turn-warnings.js";
import { isWork, openItemsAfter } from "../open-items.js";
import {
  addUsage,
  toTurnUsage,
  toUsageReport,
  type UsageBaseline,
  type UsageReport,
  type UsageSpan,
  withReport,
} from "./turn-usage.js";

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
  /** The tokens of the sub-agents that have completed; null if none has reported any. */
  readonly agentUsage: TokenUsage | null;
  /** The error that codex ended the turn with. Before the end: codex's last error, unless progress followed. */
  readonly error: TurnFailure | null;
  readonly started: boolean;
  readonly warnings: readonly TurnWarning[];
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
    agentUsage: null,
    error: null,
    started: false,
    warnings: [],
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
      return { ...summary, error: null, openItems: openItemsAfter(summary.openItems, event) };
    case "item.completed":
      return {
        ...summary,
        error: null,
        items: summary.items.append(event.item),
        openItems: openItemsAfter(summary.openItems, event),
      };
    case "thread.tokenUsage.updated":
      return isOfTurn(event.turnId, summary)
        ? withUsage(summary, toUsageReport(event))
        : { ...summary, usageBefore: toUsageReport(event).total };
    case "error":
      return { ...summary, error: event.error, openItems: openItemsAfter(summary.openItems, event) };
    case "codexkit.agent.completed":
      return event.usage === null ? summary : withAgent(summary, event.usage);
    case "codexkit.warning":
    case "codexkit.thread.unsaved":
    case "mcpServer.startupStatus.updated":
      return withWarning(summary, toTurnWarning(event));
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
    usage: withAgents(toTurnUsage(summary.usageBefore ?? baseline, summary.usageSpans), summary.agentUsage),
    threadId: summary.threadId,
    turnId: summary.turnId,
    durationMs,
    error: summary.error,
    warnings: summary.warnings,
  };
}

function complete(summary: TurnSummary, event: TurnCompletedEvent): TurnSummary {
  const { status } = event.turn;
  const known = status === "completed" || status === "interrupted" || status === "failed" ? status : "failed";
  const error = known === "completed" ? null : (event.turn.error ?? summary.error);
  const ended = { ...summary, status: known, error, turnId: event.turnId ?? summary.turnId };
  return event.usage === undefined ? ended : withUsage(ended, { total: event.usage });
}

function withWarning(summary: TurnSummary, warning: TurnWarning | null): TurnSummary {
  return warning === null ? summary : { ...summary, warnings: [...summary.warnings, warning] };
}

function withAgent(summary: TurnSummary, usage: TokenUsage): TurnSummary {
  return { ...summary, agentUsage: summary.agentUsage === null ? usage : addUsage(summary.agentUsage, usage) };
}

function withAgents(usage: TurnUsage, agents: TokenUsage | null): TurnUsage {
  if (agents === null) return usage;
  return { ...usage, agents, ...(usage.turn === undefined ? {} : { total: addUsage(usage.turn, agents) }) };
}

function withUsage<S extends TurnSummary>(summary: S, report: UsageReport): S {
  return { ...summary, usageSpans: withReport(summary.usageSpans, report) };
}

function isOfTurn(turnId: string | null, summary: TurnSummary): boolean {
  return summary.started && (turnId === null || turnId === summary.turnId);
}

/** Returns the text of the last `final_answer` message, else of the last message without a phase. Never commentary. */
export function finalResponseOf(items: readonly ThreadItem[]): string | null {
  return answersIn(items)[0] ?? null;
}

/**
 * Returns the texts that can be the final answer, the last one first: those of the `final_answer` messages, else of the
 * messages without a phase.
 */
export function answersIn(items: readonly ThreadItem[]): readonly string[] {
  const final: string[] = [];
  const withoutPhase: string[] = [];
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.type !== "agentMessage") continue;
    if (item.phase === "final_answer") final.push(item.text);
    if (item.phase === undefined || item.phase === null) withoutPhase.push(item.text);
  }
  return final.length === 0 ? withoutPhase : final;
}

/** Whether a command, a tool or another agent is at work: then silence does not mean that the turn hangs. */
export function hasWorkOpen({ openItems }: { readonly openItems: ReadonlyMap<string, ThreadItem> }): boolean {
  for (const item of openItems.values()) if (isWork(item)) return true;
  return false;
}
