import type { JsonValue } from "../../internal/json.js";
import type { Hold } from "./hold.js";

/** An item of a model's response. Several calls in one response are parallel calls. */
export type ModelItem = MessageItem | ReasoningItem | FunctionCallItem | CustomToolCallItem | WebSearchItem;

/** The streamed pieces of a text. A hold between two pieces delays the second one. */
export type Deltas = readonly (string | Hold)[];

/** An assistant message. Created by {@link message}. */
export interface MessageItem {
  readonly type: "message";
  readonly id: string | undefined;
  readonly text: string;
  readonly phase: "commentary" | "final_answer" | undefined;
  readonly deltas: Deltas;
  readonly unfinished: boolean;
}

/** A reasoning item. Created by {@link reasoning}. */
export interface ReasoningItem {
  readonly type: "reasoning";
  readonly id: string | undefined;
  readonly summary: readonly string[];
  /** The deltas of the summary's first part. Each of the other parts is one delta. */
  readonly deltas: Deltas;
}

/** A call of a function tool. Created by {@link functionCall} or {@link shell}. */
export interface FunctionCallItem {
  readonly type: "functionCall";
  readonly callId: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The arguments as the model sends them: JSON text, or any other text. */
  readonly arguments: string;
  readonly outcome: CallOutcome | undefined;
}

/** A call of a freeform tool. Created by {@link customToolCall} or `patch`. */
export interface CustomToolCallItem {
  readonly type: "customToolCall";
  readonly callId: string | undefined;
  readonly name: string;
  readonly input: string;
  readonly outcome: CallOutcome | undefined;
}

/** A web search of the model's provider. Created by {@link webSearch}. */
export interface WebSearchItem {
  readonly type: "webSearch";
  readonly id: string | undefined;
  readonly query: string;
}

/** The outcome of a call, which the fakes report. The scripted model ignores it, because the real binary runs the call. */
export interface CallOutcome {
  /** The output of the command or tool. Default: empty. */
  readonly output?: string;
  /** The exit code of a command. Default: 0. */
  readonly exitCode?: number;
  /** The status of the item. Default: `completed`, or `failed` for a command whose exit code is not 0. */
  readonly status?: "completed" | "failed" | "declined";
  /** The duration in milliseconds that the item reports. It causes no delay. Default: 1. */
  readonly durationMs?: number;
  /** Keeps the call running: its item starts immediately and completes when the hold is over. */
  readonly hold?: Hold;
}

/** Options of {@link message}. */
export interface MessageOptions {
  /** Default: a new `msg_N`. */
  readonly id?: string;
  readonly phase?: "commentary" | "final_answer";
  /** The streamed pieces, or the number of characters of each piece. Default: the whole text as one piece. */
  readonly deltas?: Deltas | number;
  /** Streams the deltas but does not finish the item, like a stream that breaks. Default: false. */
  readonly unfinished?: boolean;
}

/**
 * Creates an assistant message.
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

/** Options of {@link reasoning}. */
export interface ReasoningOptions {
  /** Default: a new `rs_N`. */
  readonly id?: string;
  /** The streamed pieces of the first part, or the number of characters of each piece. Default: one piece. */
  readonly deltas?: Deltas | number;
}

/** Creates a reasoning item with a summary of one or more parts. */
export function reasoning(summary: string | readonly string[], options: ReasoningOptions = {}): ReasoningItem {
  const parts = typeof summary === "string" ? [summary] : summary;
  return { type: "reasoning", id: options.id, summary: parts, deltas: cutDeltas(parts[0] ?? "", options.deltas) };
}

/** Options of {@link functionCall}. */
export interface FunctionCallOptions extends CallOutcome {
  /** Default: a new `call_N`. */
  readonly callId?: string;
  /** `mcp__<server>` for a tool of an MCP server, or the namespace of a dynamic tool. */
  readonly namespace?: string;
}

/**
 * Creates a call of a function tool: one of codex's own, a dynamic tool, or an MCP tool if `namespace` is
 * `"mcp__<server>"`. A string is sent unchanged as the arguments, so that a script can send broken JSON.
 */
export function functionCall(name: string, args: JsonValue = {}, options: FunctionCallOptions = {}): FunctionCallItem {
  const { callId, namespace, ...outcome } = options;
  const text = typeof args === "string" ? args : JSON.stringify(args);
  return { type: "functionCall", callId, namespace, name, arguments: text, outcome };
}

/** Options of {@link shell}. */
export interface ShellOptions extends CallOutcome {
  /** Default: a new `call_N`. */
  readonly callId?: string;
  /** The command's working directory. Default: the thread's. */
  readonly workdir?: string;
  /** Milliseconds after which codex sends the output so far to the model, while the command keeps running. */
  readonly yieldTimeMs?: number;
  /** Whether the command runs outside the sandbox. Codex then asks for an approval under `on-request`. Default: false. */
  readonly escalate?: boolean;
  /** The reason for `escalate`. Default: `scripted`. */
  readonly justification?: string;
}

/**
 * Creates a shell command: a call of codex's tool `exec_command`. The real binary runs it; the fakes report the outcome.
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

/** Options of {@link customToolCall}. */
export interface CustomToolCallOptions extends CallOutcome {
  /** Default: a new `call_N`. */
  readonly callId?: string;
}

/** Creates a call of a freeform tool, whose input is text instead of JSON. */
export function customToolCall(name: string, input: string, options: CustomToolCallOptions = {}): CustomToolCallItem {
  const { callId, ...outcome } = options;
  return { type: "customToolCall", callId, name, input, outcome };
}

/** Creates a web search. The model's provider runs it; codex only reports it. */
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
