import type { CodexError } from "../../errors/codex-error.js";
import type {
  ApprovalRequestedEvent,
  ApprovalResolvedEvent,
  AutoRunReason,
  ThreadEvent,
  ThreadItem,
  ToolCompletedEvent,
  ToolStartedEvent,
} from "../../protocol/index.js";
import type { EventStream } from "../stream/event-stream.js";
import { isWork } from "../open-items.js";
import type { Input } from "../turn/turn-input.js";
import type { PartialTurnResult } from "../turn/turn-result.js";
import type { TurnWarning } from "../turn/turn-warnings.js";
import type { AutoRunResult, RunOutcome } from "./auto-run-result.js";
import type { GuardrailOutcome } from "./run-guardrails.js";
import { isError } from "../../internal/is-error.js";

/**
 * Functions that the run calls, in the order of the events, once for each subject. The run does not wait for them. A hook
 * that throws or rejects does not stop the run; it emits a `codexkit.warning` (`HOOK_FAILED`), which is also in the
 * `warnings` of the result. Each start has one end; the
 * end has `abandoned: true` if the turn ended first, or codex dropped the item.
 *
 * @example
 * ```ts
 * import type { RunHooks } from "codexkit";
 *
 * const hooks: RunHooks = {
 *   onTurnStart: ({ turn, reason }) => console.error(`turn ${turn}: ${reason}`),
 *   onItemEnd: ({ item, abandoned }) => console.error(item.type, abandoned ? "abandoned" : "completed"),
 *   onRunEnd: ({ result }) => console.error(result.stopReason),
 * };
 * ```
 */
export type RunHooks<C = unknown> = {
  readonly [Name in keyof RunHookCalls]?: ((call: RunHookCalls[Name] & { readonly context: C }) => unknown) | undefined;
};

/** The argument of each hook, without `context`. */
export interface RunHookCalls {
  /**
   * First. `resumed` is true if the run continues from a state, or with a turn that waited for an approval. Then `input` is
   * the input of the turn at which the run stopped, not the input that the run was started with.
   */
  readonly onRunStart: { readonly input: Input; readonly threadId: string | null; readonly resumed: boolean };
  /** Before each try of each turn. */
  readonly onTurnStart: TurnPlace & { readonly input: Input; readonly reason: AutoRunReason };
  readonly onItemStart: TurnPlace & { readonly item: ThreadItem };
  readonly onItemEnd: TurnPlace & { readonly item: ThreadItem; readonly abandoned: boolean };
  /** At a call of a host tool. */
  readonly onToolStart: TurnPlace & { readonly call: ToolStartedEvent };
  readonly onToolEnd: TurnPlace & {
    readonly call: ToolStartedEvent;
    /** Null if the turn ended before the call. */
    readonly outcome: ToolCompletedEvent | null;
    readonly abandoned: boolean;
  };
  readonly onApprovalRequested: TurnPlace & { readonly approval: ApprovalRequestedEvent };
  readonly onApprovalResolved: TurnPlace & {
    readonly approval: ApprovalRequestedEvent;
    /** Null if the turn ended before the decision. */
    readonly resolution: ApprovalResolvedEvent | null;
    readonly abandoned: boolean;
  };
  /** After `onTurnEnd` and `onError` of the try that failed, before the delay. */
  readonly onRetry: TurnPlace & { readonly delayMs: number; readonly error: CodexError };
  /** After each check, also if it allows. */
  readonly onGuardrail: GuardrailOutcome;
  /** Once for each error: after `onTurnEnd` of the turn that failed, or before `onRunEnd`. */
  readonly onError: { readonly error: CodexError };
  /** After the end hooks of everything that the turn started. */
  readonly onTurnEnd: TurnPlace & { readonly result: PartialTurnResult; readonly error: CodexError | null };
  /** Last. */
  readonly onRunEnd: { readonly result: AutoRunResult; readonly error: CodexError | null };
}

/** The numbers of the turn and of its try, both from 1. */
export interface TurnPlace {
  readonly turn: number;
  readonly attempt: number;
}

export const hookNames: readonly string[] = Object.keys({
  onRunStart: 0,
  onTurnStart: 0,
  onItemStart: 0,
  onItemEnd: 0,
  onToolStart: 0,
  onToolEnd: 0,
  onApprovalRequested: 0,
  onApprovalResolved: 0,
  onRetry: 0,
  onGuardrail: 0,
  onError: 0,
  onTurnEnd: 0,
  onRunEnd: 0,
} satisfies Record<keyof RunHookCalls, 0>);

type CallHook = <Name extends keyof RunHookCalls>(name: Name, call: RunHookCalls[Name]) => void;

/** An event of the run itself, without the ids that all of them share. */
type RunEvent = WithoutIds<Extract<ThreadEvent, { type: `codexkit.run.${string}` | "codexkit.warning" }>>;
type WithoutIds<E> = E extends unknown ? Omit<E, "threadId" | "turnId"> : never;

interface HookPlan {
  readonly hooks: RunHooks;
  readonly context: unknown;
  /** The list that receives the warnings about hooks. */
  readonly warnings: TurnWarning[];
}

/** Reports a run to its stream and to its hooks. */
export class RunReporter {
  readonly #thread: { readonly id: string | null };
  readonly #stream: EventStream;
  readonly #plan: HookPlan;
  #reportedError: CodexError | null = null;

  constructor(thread: { readonly id: string | null }, stream: EventStream, plan: HookPlan) {
    this.#thread = thread;
    this.#stream = stream;
    this.#plan = plan;
  }

  runStarted(input: Input, { maxTurns, resumed }: { readonly maxTurns: number; readonly resumed: boolean }): void {
    this.#emit({ type: "codexkit.run.started", maxTurns, resumed });
    this.#call("onRunStart", { input, threadId: this.#thread.id, resumed });
  }

  guardrailChecked(outcome: GuardrailOutcome): void {
    this.#emit({ type: "codexkit.run.guardrail", ...outcome });
    this.#call("onGuardrail", outcome);
  }

  turnStarted(call: RunHookCalls["onTurnStart"]): void {
    const { turn, attempt, reason } = call;
    this.#emit({ type: "codexkit.run.turn", turn, attempt, reason });
    this.#call("onTurnStart", call);
  }

  turnEvent(hooks: TurnHooks, event: ThreadEvent): void {
    this.#stream.push([event]);
    hooks.onEvent(event, this.#call);
  }

  turnEnded(hooks: TurnHooks, result: PartialTurnResult, error: CodexError | null): void {
    hooks.onEnd(this.#call);
    this.#call("onTurnEnd", { ...hooks.place, result, error });
  }

  /** Calls `onError` once for an error that a turn and the run have in common. */
  failed(error: CodexError): void {
    if (this.#reportedError === error) return;
    this.#reportedError = error;
    this.#call("onError", { error });
  }

  retry(call: RunHookCalls["onRetry"]): void {
    const { turn, attempt, delayMs, error } = call;
    const { code, message } = error;
    this.#emit({ type: "codexkit.run.retry", turn, attempt, delayMs, code, message });
    this.#call("onRetry", call);
  }

  /** Ends the stream. The last event is missing if the run was aborted or closed: its reader gets the error. */
  runEnded({ result, error, stop }: RunOutcome): void {
    if (error !== null) this.failed(error);
    this.#call("onRunEnd", { result, error });
    const rejects = stop?.kind === "abort" || stop?.kind === "closed";
    if (!rejects) {
      const turns = new Set(result.turns.map(({ turn }) => turn)).size;
      this.#emit({ type: "codexkit.run.completed", stopReason: result.stopReason, code: error?.code ?? null, turns });
    }
    this.#stream.end(rejects ? error : null, { drop: stop?.kind === "abort" });
  }

  #emit(event: RunEvent): void {
    this.#stream.push([{ threadId: this.#thread.id, turnId: null, ...event }]);
  }

  /** Calls a hook. An error of the hook becomes a warning without the words of the error. */
  readonly #call: CallHook = (name, call) => {
    const { hooks, context, warnings } = this.#plan;
    const hook = hooks[name];
    if (hook === undefined) return;
    const fail = (cause: unknown): void => {
      const kind = isError(cause) ? cause.name : typeof cause;
      const warning = { code: "HOOK_FAILED", message: `The hook \`${name}\` failed (${kind}); the run continues.` };
      warnings.push(warning);
      this.#emit({ type: "codexkit.warning", ...warning });
    };
    try {
      const outcome: unknown = hook({ ...call, context });
      if (isThenable(outcome)) outcome.then(undefined, fail);
    } catch (cause) {
      fail(cause);
    }
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** The hooks of one turn: calls one end hook for each start hook, whatever events codex sends. */
export class TurnHooks {
  readonly place: TurnPlace;
  readonly #items = new Map<string, ThreadItem>();
  readonly #tools = new Map<string, ToolStartedEvent>();
  readonly #approvals = new Map<string, ApprovalRequestedEvent>();

  constructor(place: TurnPlace) {
    this.place = place;
  }

  onEvent(event: ThreadEvent, call: CallHook): void {
    switch (event.type) {
      case "item.started":
        return this.#startItem(event.item, call);
      case "item.updated":
        if (this.#items.has(event.item.id)) this.#items.set(event.item.id, event.item);
        return;
      case "item.completed":
        // Exec reports some items only when they are completed.
        this.#startItem(event.item, call);
        return this.#endItem(event.item, false, call);
      case "codexkit.tool.started":
        if (this.#tools.has(event.callId)) return;
        this.#tools.set(event.callId, event);
        return call("onToolStart", { ...this.place, call: event });
      case "codexkit.tool.completed":
        return this.#endTool(event.callId, event, call);
      case "codexkit.approval.requested":
        if (this.#approvals.has(event.approvalId)) return;
        this.#approvals.set(event.approvalId, event);
        return call("onApprovalRequested", { ...this.place, approval: event });
      case "codexkit.approval.resolved":
        return this.#endApproval(event.approvalId, event, call);
      case "error":
        // Before codex asks the model again, it drops the unfinished messages of the model.
        if (event.willRetry !== true) return;
        for (const item of [...this.#items.values()]) if (!isWork(item)) this.#endItem(item, true, call);
        return;
      default:
    }
  }

  /** The turn has ended: everything that is open is abandoned. */
  onEnd(call: CallHook): void {
    for (const id of [...this.#approvals.keys()]) this.#endApproval(id, null, call);
    for (const id of [...this.#tools.keys()]) this.#endTool(id, null, call);
    for (const item of [...this.#items.values()]) this.#endItem(item, true, call);
  }

  #startItem(item: ThreadItem, call: CallHook): void {
    if (this.#items.has(item.id)) return;
    this.#items.set(item.id, item);
    call("onItemStart", { ...this.place, item });
  }

  #endItem(item: ThreadItem, abandoned: boolean, call: CallHook): void {
    this.#items.delete(item.id);
    call("onItemEnd", { ...this.place, item, abandoned });
  }

  #endTool(callId: string, outcome: ToolCompletedEvent | null, call: CallHook): void {
    const started = this.#tools.get(callId);
    if (!this.#tools.delete(callId) || started === undefined) return;
    call("onToolEnd", { ...this.place, call: started, outcome, abandoned: outcome === null });
  }

  #endApproval(approvalId: string, resolution: ApprovalResolvedEvent | null, call: CallHook): void {
    const approval = this.#approvals.get(approvalId);
    if (!this.#approvals.delete(approvalId) || approval === undefined) return;
    call("onApprovalResolved", { ...this.place, approval, resolution, abandoned: resolution === null });
  }
}
