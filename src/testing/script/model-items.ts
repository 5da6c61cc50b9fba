import type { JsonValue } from "../../internal/json.js";
import type { Hold } from "./hold.js";

/** What a model can say in one response. Several calls in one response are parallel calls. */
export type ModelItem = MessageItem | ReasoningItem | FunctionCallItem | CustomToolCallItem | WebSearchItem;

/** Pieces of a text as they are streamed; a hold between two pieces keeps the second one back. */
export type Deltas = readonly (string | Hold)[];

export interface MessageItem {
  readonly type: "message";
  readonly id: string | undefined;
  readonly text: string;
  readonly phase: "commentary" | "final_answer" | undefined;
  readonly deltas: Deltas;
  readonly unfinished: boolean;
}

export interface ReasoningItem {
  readonly type: "reasoning";
  readonly id: string | undefined;
  readonly summary: readonly string[];
  /** The deltas of the summary's first part; the others come as one delta each. */
  readonly deltas: Deltas;
}

export interface FunctionCallItem {
  readonly type: "functionCall";
  readonly callId: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The arguments as JSON text, or whatever text the script wants the model to send. */
  readonly arguments: string;
  readonly outcome: CallOutcome | undefined;
}

export interface CustomToolCallItem {
  readonly type: "customToolCall";
  readonly callId: string | undefined;
  readonly name: string;
  readonly input: string;
  readonly outcome: CallOutcome | undefined;
}

export interface WebSearchItem {
  readonly type: "webSearch";
  readonly id: string | undefined;
  readonly query: string;
}

/** What the fakes say came of a call. The real binary finds out for itself, so the scripted model ignores it. */
export interface CallOutcome {
  /** What the command or tool printed. Default: nothing. */
  readonly output?: string;
  /** Of a command. Default: 0. */
  readonly exitCode?: number;
  /** Of a tool. Default: `completed`. */
  readonly status?: "completed" | "failed" | "declined";
  /** Milliseconds that the item reports; nothing waits for them. Default: 1. */
  readonly durationMs?: number;
  /** Keeps the call running: its item is started and completes when the hold is over. */
  readonly hold?: Hold;
}

export interface MessageOptions {
  /** Default: a fresh `msg_N`. */
  readonly id?: string;
  readonly phase?: "commentary" | "final_answer";
  /** The pieces that are streamed, or a number of characters for each. Default: one piece, the whole text. */
  readonly deltas?: Deltas | number;
  /** Streams the deltas but never finishes the item, as a stream does that is cut off. Default: false. */
  readonly unfinished?: boolean;
}

/**
 * An assistant message.
 *
 * @example
 * ```ts
 * import { message, respond } from "codexkit/testing";
 *
 * const step = respond(message("Hello world", { deltas: ["Hello", " world"] }));
 * ```
 */
export function message(text: string, options: MessageOptions = {}): MessageItem {
  const { id, phase, unfinished = false } = options;
  return { type: "message", id, text, phase, deltas: cutDeltas(text, options.deltas), unfinished };
}

export interface ReasoningOptions {
  /** Default: a fresh `rs_N`. */
  readonly id?: string;
  /** The pieces that are streamed of the first part, or a number of characters for each. Default: one piece. */
  readonly deltas?: Deltas | number;
}

/** A reasoning item with a summary of one or more parts. */
export function reasoning(summary: string | readonly string[], options: ReasoningOptions = {}): ReasoningItem {
  const parts = typeof summary === "string" ? [summary] : summary;
  return { type: "reasoning", id: options.id, summary: parts, deltas: cutDeltas(parts[0] ?? "", options.deltas) };
}

export interface FunctionCallOptions extends CallOutcome {
  /** Default: a fresh `call_N`. */
  readonly callId?: string;
  /** `mcp__<server>` for a tool of an MCP server, or the namespace of a dynamic tool. */
  readonly namespace?: string;
}

/**
 * A call of a function tool: one of codex's own, a dynamic tool, or with `namespace: "mcp__<server>"` an MCP tool.
 * Arguments given as a string are sent as they are, so that broken JSON can be scripted.
 */
export function functionCall(name: string, args: JsonValue = {}, options: FunctionCallOptions = {}): FunctionCallItem {
  const { callId, namespace, ...outcome } = options;
  const text = typeof args === "string" ? args : JSON.stringify(args);
  return { type: "functionCall", callId, namespace, name, arguments: text, outcome };
}

export interface ShellOptions extends CallOutcome {
  readonly callId?: string;
  /** The directory to run in. Default: the thread's. */
  readonly workdir?: string;
  /** Milliseconds after which codex gives the model what the command printed so far and lets it run on. */
  readonly yieldTimeMs?: number;
  /** Asks to leave the sandbox, which is what makes codex ask for approval under `on-request`. Default: false. */
  readonly escalate?: boolean;
  /** The reason that goes with `escalate`. */
  readonly justification?: string;
}

/**
 * A shell command: a call of codex's tool `exec_command`. The real binary runs it; the fakes print the declared outcome.
 *
 * @example
 * ```ts
 * import { message, respond, shell } from "codexkit/testing";
 *
 * const steps = [respond(shell("ls", { output: "a.txt\n" })), respond(message("One file."))];
 * ```
 */
export function shell(command: string, options: ShellOptions = {}): FunctionCallItem {
  const { callId, workdir, yieldTimeMs, escalate = false, justification, ...outcome } = options;
  const args = {
    cmd: command,
    ...(workdir === undefined ? {} : { workdir }),
    ...(yieldTimeMs === undefined ? {} : { yield_time_ms: yieldTimeMs }),
    ...(escalate ? { sandbox_permissions: "require_escalated", justification: justification ?? "scripted" } : {}),
  };
  return functionCall("exec_command", args, { ...outcome, ...(callId === undefined ? {} : { callId }) });
}

export interface CustomToolCallOptions extends CallOutcome {
  readonly callId?: string;
}

/** A call of a freeform tool, whose input is text instead of JSON. */
export function customToolCall(name: string, input: string, options: CustomToolCallOptions = {}): CustomToolCallItem {
  const { callId, ...outcome } = options;
  return { type: "customToolCall", callId, name, input, outcome };
}

/** A web search that the model's provider has run; codex only reports it. */
export function webSearch(query: string, options: { readonly id?: string } = {}): WebSearchItem {
  return { type: "webSearch", id: options.id, query };
}

function cutDeltas(text: string, deltas: Deltas | number | undefined): Deltas {
  if (typeof deltas === "object") return deltas;
  if (text === "") return [];
  if (deltas === undefined) return [text];
  const characters = Array.from(text);
  const size = Math.max(1, Math.floor(deltas));
  const count = Math.ceil(characters.length / size);
  return Array.from({ length: count }, (_, index) => characters.slice(index * size, (index + 1) * size).join(""));
}
