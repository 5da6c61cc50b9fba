import type { JsonValue } from "../../internal/json.js";
import type { CollabAgentState, FileUpdateChange, WireThreadItem } from "../generated/item-types.js";

/**
 * One thing that happened in a turn: a message, a command, a patch, a tool call. `switch (item.type)` narrows.
 *
 * The union is the app-server's `ThreadItem`; exec's items are decoded up into it. A field that one of the two does not
 * carry is optional and absent there. A kind this version does not know is an `UnknownItem`, with everything it held.
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

/** What the user, or the host in the user's place, said. App-server only. */
export interface UserMessageItem extends Wire<"userMessage", "content"> {
  readonly type: "userMessage";
}

/** What the model said; `phase` tells commentary from the final answer (app-server only). */
export interface AgentMessageItem extends Wire<"agentMessage", "text"> {
  readonly type: "agentMessage";
}

/** The model's reasoning: `summary` by parts on app-server, as one joined part on exec; `content` is app-server's alone. */
export interface ReasoningItem extends Wire<"reasoning", "summary"> {
  readonly type: "reasoning";
}

/** A plan the model proposed in plan mode. App-server only. */
export interface PlanItem extends Wire<"plan", "text"> {
  readonly type: "plan";
}

/** A shell command; while it runs, `exitCode` is null or absent. */
export interface CommandExecutionItem extends Wire<"commandExecution", "command" | "status"> {
  readonly type: "commandExecution";
}

/** A patch to files; `changes[].diff` is app-server's alone. */
export interface FileChangeItem extends Omit<Wire<"fileChange", "status">, "changes"> {
  readonly type: "fileChange";
  readonly changes: readonly FileChange[];
}

/** One file of a patch. */
export type FileChange = Pick<FileUpdateChange, "path"> &
  Partial<Pick<FileUpdateChange, "diff">> & { readonly kind: FileChangeKind };

/** What a patch does to a file; `move_path` is app-server's alone. */
export type FileChangeKind =
  | { readonly type: "add" }
  | { readonly type: "delete" }
  | { readonly type: "update"; readonly move_path?: string | null };

/** A call to a tool of an MCP server, with its result or its error. */
export interface McpToolCallItem extends Omit<
  Wire<"mcpToolCall", "server" | "tool" | "arguments" | "status">,
  "result"
> {
  readonly type: "mcpToolCall";
  readonly result?: McpToolResult | null;
}

/** What an MCP tool gave back. */
export interface McpToolResult {
  readonly content: readonly JsonValue[];
  readonly structuredContent?: JsonValue;
  readonly _meta?: JsonValue;
}

/** A call to a tool that the host serves itself. App-server only. */
export interface DynamicToolCallItem extends Wire<"dynamicToolCall", "tool" | "arguments" | "status"> {
  readonly type: "dynamicToolCall";
}

/** The agent starting, asking or ending another agent. */
export interface CollabAgentToolCallItem extends Omit<
  Wire<"collabAgentToolCall", "tool" | "status" | "senderThreadId" | "receiverThreadIds">,
  "agentsStates"
> {
  readonly type: "collabAgentToolCall";
  readonly agentsStates: Readonly<Record<string, CollabAgentState>>;
}

/** A change in what a sub-agent does. App-server only. */
export interface SubAgentActivityItem extends Wire<"subAgentActivity", "kind" | "agentThreadId" | "agentPath"> {
  readonly type: "subAgentActivity";
}

/** A web search or a page read; `results` is app-server's alone. */
export interface WebSearchItem extends Wire<"webSearch", "query"> {
  readonly type: "webSearch";
}

/** An image the model looked at. App-server only. */
export interface ImageViewItem extends Wire<"imageView", "path"> {
  readonly type: "imageView";
}

/** An image the model made. App-server only. */
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

/** The agent waiting. App-server only. */
export interface SleepItem extends Wire<"sleep", "durationMs"> {
  readonly type: "sleep";
}

/** A review begins; `review` says of what. App-server only. */
export interface EnteredReviewModeItem extends Wire<"enteredReviewMode", "review"> {
  readonly type: "enteredReviewMode";
}

/** A review ended; `review` is its text. App-server only. */
export interface ExitedReviewModeItem extends Wire<"exitedReviewMode", "review"> {
  readonly type: "exitedReviewMode";
}

/** The history was compacted to make room. App-server only. */
export interface ContextCompactionItem extends Wire<"contextCompaction", never> {
  readonly type: "contextCompaction";
}

/** The agent's list of steps. Exec only; app-server tells it as the event `turn.plan.updated`. */
export interface TodoListItem {
  readonly type: "todoList";
  readonly id: string;
  readonly items: readonly { readonly text: string; readonly completed: boolean }[];
}

/** A warning that does not end the turn. Exec only; app-server tells it as the event `warning`. */
export interface ErrorItem {
  readonly type: "error";
  readonly id: string;
  readonly message: string;
}

/** An item of a kind this version does not know, or one without its required fields; `item` is all of it. */
export interface UnknownItem {
  readonly type: "codexkit.unknown";
  /** Empty where the item has no id. */
  readonly id: string;
  /** The kind as the wire calls it; empty where the item has none. */
  readonly itemType: string;
  readonly item: JsonValue;
  /** Why an item of a known kind could not be read. */
  readonly problem?: string;
}

/** The value of an item's `type`. */
export type ThreadItemType = ThreadItem["type"];

/** The wire's item with only `id` and the named fields required: what both transports carry and decoding has checked. */
type Wire<Type extends WireThreadItem["type"], Required extends string> = Slim<
  Omit<Extract<WireThreadItem, { type: Type }>, "type">,
  Required | "id"
>;
type Slim<Item, Required extends string> = Readonly<Pick<Item, Required & keyof Item> & Partial<Omit<Item, Required>>>;
