import { relative } from "node:path";
import { plainCommandOf, type ThreadEvent, type ThreadItem } from "../../index.js";
import type {
  ApprovalRequestedEvent,
  ApprovalResolvedEvent,
  CommandExecutionItem,
  FileChange,
  ToolCompletedEvent,
  TurnCompletedEvent,
  TurnFailure,
} from "../../protocol/index.js";
import type { Colour, Paint } from "../paint.js";
import { describeApproval } from "./describe-approval.js";
import { toPrintable } from "./printable.js";

export interface RenderOptions {
  readonly paint: Paint;
  /** Paths inside this folder are shown relative to it. */
  readonly directory: string;
}

const labelWidth = 9;

/** Renders a line of progress: a label and a text, whose further lines are indented. */
export function renderLine(label: string, text: string, paint: Paint): string {
  return `${paint("dim", label.padEnd(labelWidth))}${indent(text)}\n`;
}

/**
 * Creates a function that returns the text for each event, in order. An event is a line, except for text deltas, which are
 * printed as they arrive. Events without news for a reader return the empty text.
 */
export function createEventRenderer({ paint, directory }: RenderOptions): (event: ThreadEvent) => string {
  const streamed = new Set<string>();
  let open: string | null = null;

  function line(label: string, text: string, colour?: Colour): string {
    const clean = toPrintable(text);
    return close() + renderLine(label, colour === undefined ? clean : paint(colour, clean), paint);
  }

  function close(): string {
    const end = open === null ? "" : "\n";
    open = null;
    return end;
  }

  function piece(label: string, id: string, delta: string): string {
    const start = open === id ? "" : `${close()}${paint("dim", label.padEnd(labelWidth))}`;
    open = id;
    streamed.add(id);
    return start + indent(toPrintable(delta));
  }

  function whole(label: string, id: string, text: string): string {
    if (streamed.has(id)) return open === id ? close() : "";
    return text === "" ? "" : line(label, text);
  }

  function started(item: ThreadItem): string {
    return item.type === "commandExecution" ? line("run", plainCommandOf(item), "bold") : "";
  }

  function completed(item: ThreadItem): string {
    switch (item.type) {
      case "agentMessage":
        return whole("say", item.id, item.text);
      case "reasoning":
        return whole("think", item.id, item.summary.join("\n"));
      case "commandExecution":
        return line("exit", describeExit(item), item.exitCode === 0 ? "green" : "red");
      case "fileChange":
        return item.changes.map((change) => renderChange(change, item.status)).join("");
      case "mcpToolCall":
        return item.server === hostedServer ? "" : line("tool", `${item.server}.${item.tool}: ${item.status}`);
      case "webSearch":
        return line("search", item.query);
      case "plan":
        return line("plan", item.text);
      case "error":
        return line("warning", item.message, "yellow");
      default:
        return "";
    }
  }

  function renderChange(change: FileChange, status: string): string {
    const result = status === "completed" ? "" : `: ${status}`;
    const head = line("patch", `${change.kind.type} ${shorten(change.path, directory)}${result}`, "bold");
    if (change.diff === undefined) return head;
    return head + renderLine("", renderDiff(change.diff, paint), paint);
  }

  return (event) => {
    switch (event.type) {
      case "thread.started":
        return line("thread", event.threadId);
      case "item.agentMessage.delta":
        return piece("say", event.itemId, event.delta);
      case "item.reasoning.summaryTextDelta":
        return piece("think", event.itemId, event.delta);
      case "item.started":
        return started(event.item);
      case "item.completed":
        return completed(event.item);
      case "turn.completed":
        return line("turn", describeEnd(event), event.turn.status === "completed" ? "green" : "red");
      case "error":
        return line("error", describeFailure(event.error), "red");
      case "warning":
      case "codexkit.warning":
      case "codexkit.thread.unsaved":
      case "codexkit.protocolWarning":
        return line("warning", event.message, "yellow");
      case "codexkit.tool.started":
        return line("call", event.tool, "bold");
      case "codexkit.tool.completed":
        return line("tool", describeTool(event), event.outcome === "success" ? "green" : "red");
      case "codexkit.approval.requested":
        return line("asks", describeRequest(event), "bold");
      case "codexkit.approval.resolved":
        return line("decided", describeDecision(event), /^accept|^answer/.test(event.decision) ? "green" : "red");
      case "codexkit.approval.violated":
        return line("violated", event.message, "red");
      case "codexkit.request.refused":
        return line("refused", `${event.method}: ${event.reason}`, "yellow");
      default:
        return "";
    }
  };
}

/** The MCP server of the host tools. Their calls have their own events. */
const hostedServer = "codexkit";

function describeTool({ tool, outcome, message, ms }: ToolCompletedEvent): string {
  const detail = message === null ? "" : `: ${message}`;
  return `${tool}: ${outcome} (${Math.round(ms)} ms)${detail}`;
}

function describeRequest({ request }: ApprovalRequestedEvent): string {
  const { reason } = request;
  return `for ${describeApproval(request)}${reason === null ? "" : `: ${reason}`}`;
}

function describeDecision({ decision, by, reason }: ApprovalResolvedEvent): string {
  return `${decision}, by ${deciders[by]}${reason === null ? "" : `: ${reason}`}`;
}

const deciders: Readonly<Record<ApprovalResolvedEvent["by"], string>> = {
  rule: "a rule",
  handler: "the approval handler",
  timeout: "codexkit, after the time limit",
  failure: "codexkit, after a failure of the handler",
  default: "codexkit, because no handler or rule decided",
  stored: "an earlier decision",
  withdrawn: "codex, which withdrew the request",
};

/** Renders a diff with coloured lines and without control sequences. */
export function renderDiff(diff: string, paint: Paint): string {
  return toPrintable(diff)
    .trimEnd()
    .split("\n")
    .map((text) => {
      if (text.startsWith("+")) return paint("green", text);
      if (text.startsWith("-")) return paint("red", text);
      return text.startsWith("@@") ? paint("cyan", text) : text;
    })
    .join("\n");
}

function describeExit({ exitCode, status, ...item }: CommandExecutionItem): string {
  const code = exitCode === null || exitCode === undefined ? status : String(exitCode);
  const ms = millisecondsOf(item);
  return ms === 0 ? code : `${code} (${ms} ms)`;
}

/** Codex reports 0 for a command that has ended before its first report. The times of the item include waits for approvals. */
function millisecondsOf({ durationMs, startedAtMs, completedAtMs }: Partial<CommandExecutionItem>): number {
  if (typeof durationMs === "number" && durationMs > 0) return Math.round(durationMs);
  return Math.max(0, (completedAtMs ?? 0) - (startedAtMs ?? completedAtMs ?? 0));
}

/** "Reconnecting... 1/5" has its cause in the details. */
function describeFailure({ message, additionalDetails }: TurnFailure): string {
  const details = additionalDetails?.trim() ?? "";
  return details === "" || message.includes(details) ? message : `${message} (${details})`;
}

function describeEnd({ turn }: TurnCompletedEvent): string {
  return turn.error === undefined || turn.error === null ? turn.status : `${turn.status}: ${turn.error.message}`;
}

function shorten(path: string, directory: string): string {
  const inner = relative(directory, path);
  return inner === "" || inner.startsWith("..") ? path : inner;
}

function indent(text: string): string {
  return text.replaceAll("\n", `\n${" ".repeat(labelWidth)}`);
}
