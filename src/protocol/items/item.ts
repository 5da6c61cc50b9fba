import type { JsonValue } from "../../internal/json.js";
import type { CollabAgentState, FileUpdateChange, WireThreadItem } from "../generated/item-types.js";

/**
 * A unit of work in a turn: a message, a command, a patch, a tool call. `switch (item.type)` narrows.
 *
 * The union is the app-server's `ThreadItem`; exec's items are decoded into it. A field that one of the two does not have
 * is optional. An item of an unknown kind is an `UnknownItem`, which has the whole item.
 */
export type ThreadItem =
  | UserMessageItem
  | AgentMessageItem
  | ReasoningItem
  | PlanItem
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem
  | DynamicToolCallItem
  | CollabAgentToolCallItem
  | SubAgentActivityItem
  | WebSearchItem
  | ImageViewItem
  | ImageGenerationItem
  | FunctionCallOutputItem
  | HookPromptItem
  | SleepItem
  | EnteredReviewModeItem
  | ExitedReviewModeItem
  | ContextCompactionItem
  | TodoListItem
  | ErrorItem
  | UnknownItem;

/** The input of the turn. App-server only. */
export interface UserMessageItem extends Wire<"userMessage", "content"> {
  readonly type: "userMessage";
}

/** A message of the model. `phase` distinguishes commentary from the final answer (app-server only). */
export interface AgentMessageItem extends Wire<"agentMessage", "text"> {
  readonly type: "agentMessage";
}

/** The model's reasoning. `summary` has several parts on app-server and one on exec; `content` is app-server only. */
export interface ReasoningItem extends Wire<"reasoning", "summary"> {
  readonly type: "reasoning";
}

/** A plan that the model proposed in plan mode. App-server only. */
export interface PlanItem extends Wire<"plan", "text"> {
  readonly type: "plan";
}

/** A shell command. While it runs, `exitCode` is null or absent. */
export interface CommandExecutionItem extends Wire<"commandExecution", "command" | "status"> {
  readonly type: "commandExecution";
}

/** A patch of files. `changes[].diff` is app-server only. */
export interface FileChangeItem extends Omit<Wire<"fileChange", "status">, "changes"> {
  readonly type: "fileChange";
  readonly changes: readonly FileChange[];
}

/** One file of a patch. */
export type FileChange = Pick<FileUpdateChange, "path"> &
  Partial<Pick<FileUpdateChange, "diff">> & { readonly kind: FileChangeKind };

/** The effect of a patch on a file. `move_path` is app-server only. */
export type FileChangeKind =
  | { readonly type: "add" }
  | { readonly type: "delete" }
  | { readonly type: "update"; readonly move_path?: string | null };

/** A call of an MCP server's tool, with its result or its error. */
export interface McpToolCallItem extends Omit<
  Wire<"mcpToolCall", "server" | "tool" | "arguments" | "status">,
  "result"
> {
  readonly type: "mcpToolCall";
  readonly result?: McpToolResult | null;
}

/** The result of an MCP tool. */
export interface McpToolResult {
  readonly content: readonly JsonValue[];
  readonly structuredContent?: JsonValue;
  readonly _meta?: JsonValue;
}

/** A call of a host tool. App-server only. */
export interface DynamicToolCallItem extends Wire<"dynamicToolCall", "tool" | "arguments" | "status"> {
  readonly type: "dynamicToolCall";
}

/** The agent starts, asks or ends another agent. */
export interface CollabAgentToolCallItem extends Omit<
  Wire<"collabAgentToolCall", "tool" | "status" | "senderThreadId" | "receiverThreadIds">,
  "agentsStates"
> {
  readonly type: "collabAgentToolCall";
  readonly agentsStates: Readonly<Record<string, CollabAgentState>>;
}

/** A change in the activity of a sub-agent. App-server only. */
export interface SubAgentActivityItem extends Wire<"subAgentActivity", "kind" | "agentThreadId" | "agentPath"> {
  readonly type: "subAgentActivity";
}

/** A web search or a visit to a page. `results` is app-server only. */
export interface WebSearchItem extends Wire<"webSearch", "query"> {
  readonly type: "webSearch";
}

/** An image that the model viewed. App-server only. */
export interface ImageViewItem extends Wire<"imageView", "path"> {
  readonly type: "imageView";
}

/** An image that the model generated. App-server only. */
export interface ImageGenerationItem extends Wire<"imageGeneration", "status"> {
  readonly type: "imageGeneration";
}

/** The output of a function call that has no item of its own. App-server only. */
export interface FunctionCallOutputItem extends Wire<"functionCallOutput", "name" | "output"> {
  readonly type: "functionCallOutput";
}

/** Text that a hook added to the prompt. App-server only. */
export interface HookPromptItem extends Wire<"hookPrompt", "fragments"> {
  readonly type: "hookPrompt";
}

/** The agent waits. App-server only. */
export interface SleepItem extends Wire<"sleep", "durationMs"> {
  readonly type: "sleep";
}

/** A review began. `review` describes its subject. App-server only. */
export interface EnteredReviewModeItem extends Wire<"enteredReviewMode", "review"> {
  readonly type: "enteredReviewMode";
}

/** A review ended. `review` is its text. App-server only. */
export interface ExitedReviewModeItem extends Wire<"exitedReviewMode", "review"> {
  readonly type: "exitedReviewMode";
}

/** The history was compacted. App-server only. */
export interface ContextCompactionItem extends Wire<"contextCompaction", never> {
  readonly type: "contextCompaction";
}

/** The agent's list of steps. Exec only; app-server emits the event `turn.plan.updated` instead. */
export interface TodoListItem {
  readonly type: "todoList";
  readonly id: string;
  readonly items: readonly { readonly text: string; readonly completed: boolean }[];
}

/** A warning that does not end the turn. Exec only; app-server emits the event `warning` instead. */
export interface ErrorItem {
  readonly type: "error";
  readonly id: string;
  readonly message: string;
}

/** An item of an unknown kind, or one that lacks a required field. `item` is the whole item. */
export interface UnknownItem {
  readonly type: "codexkit.unknown";
  /** Empty if the item has no id. */
  readonly id: string;
  /** The kind of the item on the wire. Empty if the item has none. */
  readonly itemType: string;
  readonly item: JsonValue;
  /** The reason why an item of a known kind could not be decoded. */
  readonly problem?: string;
}

/** The value of an item's `type`. */
export type ThreadItemType = ThreadItem["type"];

/** The wire's item. Required are `id` and the named fields, which both transports have and decoding has checked. */
type Wire<Type extends WireThreadItem["type"], Required extends string> = Slim<
  Omit<Extract<WireThreadItem, { type: Type }>, "type">,
  Required | "id"
>;
type Slim<Item, Required extends string> = Readonly<Pick<Item, Required & keyof Item> & Partial<Omit<Item, Required>>>;
