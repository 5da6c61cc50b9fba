import type { ApprovalRequest } from "../protocol/events/approval-request.js";
import type { ApprovalViolation } from "../approvals/approval-violated-error.js";
import { canonicalJson } from "../approvals/fingerprint.js";
import { type JsonValue, toJson } from "../internal/json.js";
import type { ThreadEvent, ThreadItem } from "../protocol/index.js";

type ActionItem = Extract<ThreadItem, { type: "commandExecution" | "fileChange" | "mcpToolCall" }>;

/** A call of an MCP server's tool, as an approval request shows it. */
export interface McpCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonValue;
}

/** The way in which codex identifies a request. */
interface RequestIdentity {
  /** The id of one of several approvals of an item, or `null`. */
  readonly callback: string | null;
  /** Whether the request and its item show the action in one form. */
  readonly exact: boolean;
}

/** An approval request whose decision is enforced. */
interface WatchedRequest {
  /** Aborts if another call with the same id appears. Then the request must be declined. */
  readonly signal: AbortSignal;
  /** Records the decision. */
  decided(how: { readonly accepted: boolean }): void;
}

/**
 * Enforces the decisions of one turn. codex identifies an action that waits for approval by its call id only, which the
 * model's endpoint chooses: of two calls with one id, codex may release the wrong one. The watch therefore reports ids that
 * repeat, and every sign that a declined action runs.
 */
export class DecisionWatch {
  /** The actions that run or wait, by thread and id. */
  readonly #open = new Map<string, ActionItem>();
  readonly #approvals = new Map<string, Approval>();
  /** The first id that two running actions of a thread had in common, by thread. */
  readonly #repeated = new Map<string, string>();
  #reported = false;
  /** The items of MCP calls that codex has asked about. It asks once about each. */
  readonly #askedCalls = new Set<ActionItem>();

  /** Reads the next event of the turn. Returns the violation that it shows, or `null`. */
  observe(event: ThreadEvent): ApprovalViolation | null {
    switch (event.type) {
      case "item.started":
        return isAction(event.item) ? this.#started(event.item, event) : null;
      case "item.completed":
        return isAction(event.item) ? this.#completed(event.item, event) : null;
      case "item.commandExecution.outputDelta":
      case "item.fileChange.outputDelta":
      case "item.mcpToolCall.progress":
        return this.#wrote(event);
      default:
        return null;
    }
  }

  /** Returns true for the first violation: a turn ends with one. */
  report(): boolean {
    const first = !this.#reported;
    this.#reported = true;
    return first;
  }

  /** Returns the id of the running item of an MCP call that codex has not asked about yet, or `null`. Marks it as asked. */
  askedCall(threadId: string, call: McpCall): string | null {
    const action = ofCall(call);
    for (const [key, item] of this.#open) {
      if (item.type !== "mcpToolCall" || key !== keyOf(threadId, item.id) || this.#askedCalls.has(item)) continue;
      if (actionOf(item) !== action) continue;
      this.#askedCalls.add(item);
      return item.id;
    }
    return null;
  }

  /**
   * Registers an approval request of codex. Returns the violation if two actions have its id: then neither may be accepted.
   * Returns `null` for a request that codex does not identify by an item.
   */
  open(request: ApprovalRequest, { callback, exact }: RequestIdentity): WatchedRequest | ApprovalViolation | null {
    const { threadId, turnId, kind, itemId } = request;
    const repeated = this.#repeated.get(threadId);
    if (repeated !== undefined && kind !== "userInput")
      return this.#violate(threadId, { turnId, itemId: repeated, kind });
    if (itemId === null || callback !== null || !isEnforced(request)) return null;
    const key = keyOf(threadId, itemId);
    const action = exact ? actionOfRequest(request) : null;
    const before = this.#approvals.get(key);
    if (before !== undefined && (before.waiting || action === null || before.action !== action))
      return this.#violate(threadId, { turnId, itemId, kind });
    const abort = new AbortController();
    const approval: Approval = { kind, action, abort, waiting: true, declined: before?.declined ?? new Set() };
    this.#approvals.set(key, approval);
    return {
      signal: abort.signal,
      decided: ({ accepted }) => {
        approval.waiting = false;
        if (accepted) approval.declined.delete(action);
        else approval.declined.add(action);
      },
    };
  }

  #started(item: ActionItem, { threadId, turnId }: ThreadEvent): ApprovalViolation | null {
    const key = keyOf(threadId, item.id);
    const other = this.#open.get(key);
    this.#open.set(key, item);
    const approval = this.#approvals.get(key);
    if (approval !== undefined && isDeclined(approval, item))
      return { threadId, turnId, itemId: item.id, kind: approval.kind, violation: "started" };
    if (other === undefined || actionOf(other) === actionOf(item)) return null;
    this.#repeated.set(threadId ?? "", item.id);
    if (approval === undefined) return null;
    return this.#violate(threadId, { turnId, itemId: item.id, kind: approval.kind });
  }

  #completed(item: ActionItem, { threadId, turnId }: ThreadEvent): ApprovalViolation | null {
    const key = keyOf(threadId, item.id);
    this.#open.delete(key);
    const approval = this.#approvals.get(key);
    if (approval === undefined || !hasRun(item) || !isDeclined(approval, item)) return null;
    return { threadId, turnId, itemId: item.id, kind: approval.kind, violation: "started" };
  }

  #wrote(event: ThreadEvent & { readonly itemId: string }): ApprovalViolation | null {
    if (this.#approvals.size === 0) return null;
    const { threadId, turnId, itemId } = event;
    const key = keyOf(threadId, itemId);
    const approval = this.#approvals.get(key);
    if (approval === undefined || !isDeclined(approval, this.#open.get(key))) return null;
    return { threadId, turnId, itemId, kind: approval.kind, violation: "started" };
  }

  /** Declines the waiting requests with this id. */
  #violate(
    threadId: string | null,
    { turnId, itemId, kind }: Pick<ApprovalViolation, "turnId" | "itemId" | "kind">,
  ): ApprovalViolation {
    this.#approvals.get(keyOf(threadId, itemId))?.abort.abort();
    this.#repeated.set(threadId ?? "", itemId);
    return { threadId, turnId, itemId, kind, violation: "repeatedId" };
  }
}

interface Approval {
  readonly kind: ApprovalRequest["kind"];
  /** `null` if the action is unknown: it then equals every action with the id. */
  readonly action: string | null;
  readonly abort: AbortController;
  waiting: boolean;
  /** The declined actions with this id. */
  readonly declined: Set<string | null>;
}

/** Returns false for a request about a command that runs already, such as its network access: that command may continue. */
function isEnforced(request: ApprovalRequest): boolean {
  if (request.kind === "command") return request.network === null && request.action !== "writeStdin";
  return request.kind === "fileChange" || request.kind === "mcpTool" || request.kind === "permissions";
}

function isDeclined({ declined }: Approval, item: ActionItem | undefined): boolean {
  if (declined.size === 0) return false;
  return item === undefined || declined.has(null) || declined.has(actionOf(item));
}

/** A declined item completes as `declined`, that of an MCP call as `failed`. */
function hasRun(item: ActionItem): boolean {
  if (item.status === "completed") return true;
  if (item.type === "commandExecution") return typeof item.exitCode === "number";
  return item.type === "mcpToolCall" && item.result !== undefined && item.result !== null;
}

/** Whether the event begins an action that can wait for a decision. A turn without such an action needs no watch. */
export function startsAction(event: ThreadEvent): boolean {
  return event.type === "item.started" && isAction(event.item);
}

function isAction(item: ThreadItem): item is ActionItem {
  return item.type === "commandExecution" || item.type === "fileChange" || item.type === "mcpToolCall";
}

function keyOf(threadId: string | null, itemId: string): string {
  return `${threadId ?? ""} ${itemId}`;
}

/** Returns a text that is equal for equal actions. */
function actionOf(item: ActionItem): string {
  switch (item.type) {
    case "commandExecution":
      return ofCommand(item.command);
    case "fileChange":
      return ofChanges(item.changes);
    case "mcpToolCall":
      return ofCall(item);
  }
}

function actionOfRequest(request: ApprovalRequest): string | null {
  switch (request.kind) {
    case "command":
      return request.command === "" ? null : ofCommand(request.command);
    case "fileChange":
      return request.changes.length === 0 ? null : ofChanges(request.changes);
    case "mcpTool":
      return ofCall(request);
    case "permissions":
      return `permissions ${canonicalJson(request.permissions)}`;
    default:
      return null;
  }
}

function ofCommand(command: string): string {
  return `command ${command}`;
}

function ofChanges(changes: readonly unknown[]): string {
  return `fileChange ${canonicalJson(toJson(changes))}`;
}

function ofCall({ server, tool, arguments: args }: McpCall): string {
  return `mcpTool ${canonicalJson([server, tool, args ?? {}])}`;
}
