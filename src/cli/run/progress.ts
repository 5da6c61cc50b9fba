import { basename } from "node:path";
import { plainCommandOf, type ThreadEvent, type ThreadItem } from "../../index.js";

/** The current activity of codex, derived from its events. */
export interface Progress {
  readonly phase: "starting" | "thinking";
  /** The open activities by item id, in the order of their start. */
  readonly open: ReadonlyMap<string, Activity>;
  /** The tokens of the turn so far. Null until codex reports them; exec does so at the end. */
  readonly tokens: { readonly input: number; readonly output: number } | null;
}

export interface Activity {
  readonly label: string;
  readonly text: string;
  /** The end of its output or text. */
  readonly tail: string;
}

export const noProgress: Progress = { phase: "starting", open: new Map(), tokens: null };

const tailLength = 1_000;

/** Returns the progress after one more event. */
export function reduceProgress(progress: Progress, event: ThreadEvent): Progress {
  switch (event.type) {
    case "turn.started":
      return { ...progress, phase: "thinking" };
    case "item.started":
      return { ...progress, open: withItem(progress.open, event.item) };
    case "item.completed":
      return { ...progress, open: without(progress.open, event.item.id) };
    case "item.agentMessage.delta":
    case "item.reasoning.summaryTextDelta":
    case "item.commandExecution.outputDelta":
    case "item.plan.delta":
      return { ...progress, open: withTail(progress.open, event.itemId, event.delta) };
    case "item.mcpToolCall.progress":
      return { ...progress, open: withTail(progress.open, event.itemId, `${event.message}\n`) };
    case "thread.tokenUsage.updated":
      // A resumed thread reports its total before the turn, so the usage of the turn is the sum of its requests.
      if (progress.phase === "starting") return progress;
      return { ...progress, tokens: add(progress.tokens, event.tokenUsage.last) };
    case "turn.completed":
      return { ...progress, open: new Map() };
    default:
      return progress;
  }
}

function withItem(open: Progress["open"], item: ThreadItem): Progress["open"] {
  const activity = toActivity(item);
  return activity === null ? open : new Map(open).set(item.id, activity);
}

function without(open: Progress["open"], id: string): Progress["open"] {
  const rest = new Map(open);
  rest.delete(id);
  return rest;
}

function withTail(open: Progress["open"], id: string, delta: string): Progress["open"] {
  const activity = open.get(id);
  if (activity === undefined) return open;
  return new Map(open).set(id, { ...activity, tail: (activity.tail + delta).slice(-tailLength) });
}

function toActivity(item: ThreadItem): Activity | null {
  switch (item.type) {
    case "userMessage":
      return null;
    case "agentMessage":
      return { label: "say", text: "", tail: item.text };
    case "reasoning":
      return { label: "think", text: "", tail: item.summary.join("\n") };
    case "commandExecution":
      return { label: "run", text: plainCommandOf(item), tail: "" };
    case "fileChange":
      return { label: "patch", text: item.changes.map(({ path }) => basename(path)).join(" "), tail: "" };
    case "mcpToolCall":
      return { label: "tool", text: `${item.server}.${item.tool}`, tail: "" };
    case "webSearch":
      return { label: "search", text: item.query, tail: "" };
    case "todoList":
      return null;
    default:
      return { label: item.type, text: "", tail: "" };
  }
}

function add(
  tokens: Progress["tokens"],
  last: { readonly inputTokens: number; readonly outputTokens: number },
): NonNullable<Progress["tokens"]> {
  return { input: (tokens?.input ?? 0) + last.inputTokens, output: (tokens?.output ?? 0) + last.outputTokens };
}
