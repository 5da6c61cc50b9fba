import type {
  ApprovalRequestedEvent,
  ApprovalResolvedEvent,
  AutoRunReason,
  ThreadItem,
  ToolCompletedEvent,
  ToolStartedEvent,
  ThreadEvent,
} from "../../protocol/index.js";
import type { CodexError } from "../../errors/codex-error.js";
import type { PartialTurnResult } from "../turn/turn-result.js";
import type { Input } from "../turn/turn-input.js";
import type { AutoRunResult } from "./auto-run-result.js";
import type { GuardrailTold } from "./run-guardrails.js";
import { isWork } from "../turn/reduce-turn.js";

/**
 * Functions that are told of a run, each exactly once for what it names, in the order of the events. They are called as
 * it happens and never waited for; one that throws or rejects is a `codexkit.warning` (`HOOK_FAILED`) and stops nothing.
 * What begins also ends, with `abandoned: true` where codex gave it up.
 *
 * @example
 * ```ts
 * import type { RunHooks } from "codexkit";
 *
 * const hooks: RunHooks = {
 *   onTurnStart: ({ turn, reason }) => console.error(`turn ${turn}: ${reason}`),
 *   onItemEnd: ({ item, abandoned }) => console.error(item.type, abandoned ? "given up" : "done"),
 *   onRunEnd: ({ result }) => console.error(result.stopReason),
 * };
 * ```
 */
export type RunHooks<C = unknown> = {
  readonly [Name in keyof RunHookCalls]?: ((call: RunHookCalls[Name] & { readonly context: C }) => unknown) | undefined;
};

/** What each hook is told. */
export interface RunHookCalls {
  /** First of all. `resumed`: the run goes on from a state, or with a turn that waited. */
  readonly onRunStart: { readonly input: Input; readonly threadId: string | null; readonly resumed: boolean };
  /** Before every try of every turn. */
  readonly onTurnStart: TurnPlace & { readonly input: Input; readonly reason: AutoRunReason };
  readonly onItemStart: TurnPlace & { readonly item: ThreadItem };
  readonly onItemEnd: TurnPlace & { readonly item: ThreadItem; readonly abandoned: boolean };
  /** A call of a host tool. */
  readonly onToolStart: TurnPlace & { readonly call: ToolStartedEvent };
  readonly onToolEnd: TurnPlace & {
    readonly call: ToolStartedEvent;
    /** Null where the turn ended before the call did. */
    readonly outcome: ToolCompletedEvent | null;
    readonly abandoned: boolean;
  };
  readonly onApprovalRequested: TurnPlace & { readonly approval: ApprovalRequestedEvent };
  readonly onApprovalResolved: TurnPlace & {
    readonly approval: ApprovalRequestedEvent;
    /** Null where the turn ended before it was decided. */
    readonly resolution: ApprovalResolvedEvent | null;
    readonly abandoned: boolean;
  };
  /** After `onTurnEnd` and `onError` of the try that failed, before the wait. */
  readonly onRetry: TurnPlace & { readonly delayMs: number; readonly error: CodexError };
  /** Every check, also one that allows. */
  readonly onGuardrail: GuardrailTold;
  /** Once for an error: after the `onTurnEnd` of the turn that it ended, or before `onRunEnd`. */
  readonly onError: { readonly error: CodexError };
  /** After the end of all that the turn began. */
  readonly onTurnEnd: TurnPlace & { readonly result: PartialTurnResult; readonly error: CodexError | null };
  /** Last of all. */
  readonly onRunEnd: { readonly result: AutoRunResult; readonly error: CodexError | null };
}

/** Which try of which turn it is, both from 1. */
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

export type CallHook = <Name extends keyof RunHookCalls>(name: Name, call: RunHookCalls[Name]) => void;

/** Calls hooks so that nothing they do comes back, but for `onFailure` with a sentence that holds none of their words. */
export function createHookCaller<C>(hooks: RunHooks<C>, context: C, onFailure: (message: string) => void): CallHook {
  return (name, call) => {
    const hook = hooks[name];
    if (hook === undefined) return;
    const fail = (cause: unknown): void => {
      const kind = cause instanceof Error ? cause.name : typeof cause;
      onFailure(`The hook \`${name}\` failed (${kind}); the run goes on.`);
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

/** Pairs what the events of one turn begin and end, so that every hook that tells a beginning is followed by one that tells the end. */
export class HookTracker {
  readonly #place: TurnPlace;
  readonly #items = new Map<string, ThreadItem>();
  readonly #tools = new Map<string, ToolStartedEvent>();
  readonly #approvals = new Map<string, ApprovalRequestedEvent>();

  constructor(place: TurnPlace) {
    this.#place = place;
  }

  heard(event: ThreadEvent, call: CallHook): void {
    const place = this.#place;
    switch (event.type) {
      case "item.started":
        return this.#itemStarted(event.item, call);
      case "item.updated":
        if (this.#items.has(event.item.id)) this.#items.set(event.item.id, event.item);
        return;
      case "item.completed":
        // Exec tells of some items only when they are done.
        this.#itemStarted(event.item, call);
        return this.#itemEnded(event.item, false, call);
      case "codexkit.tool.started":
        if (this.#tools.has(event.callId)) return;
        this.#tools.set(event.callId, event);
        return call("onToolStart", { ...place, call: event });
      case "codexkit.tool.completed": {
        const started = this.#tools.get(event.callId);
        if (started === undefined) return;
        this.#tools.delete(event.callId);
        return call("onToolEnd", { ...place, call: started, outcome: event, abandoned: false });
      }
      case "codexkit.approval.requested":
        if (this.#approvals.has(event.approvalId)) return;
        this.#approvals.set(event.approvalId, event);
        return call("onApprovalRequested", { ...place, approval: event });
      case "codexkit.approval.resolved": {
        const approval = this.#approvals.get(event.approvalId);
        if (approval === undefined) return;
        this.#approvals.delete(event.approvalId);
        return call("onApprovalResolved", { ...place, approval, resolution: event, abandoned: false });
      }
      case "error":
        // Before codex asks the model again, it gives up what the model was saying.
        if (event.willRetry !== true) return;
        for (const item of [...this.#items.values()]) if (!isWork(item)) this.#itemEnded(item, true, call);
        return;
      default:
    }
  }

  /** The turn is over: what has not ended never will. */
  ended(call: CallHook): void {
    const place = this.#place;
    const approvals = [...this.#approvals.values()];
    this.#approvals.clear();
    for (const approval of approvals) {
      call("onApprovalResolved", { ...place, approval, resolution: null, abandoned: true });
    }
    const tools = [...this.#tools.values()];
    this.#tools.clear();
    for (const started of tools) call("onToolEnd", { ...place, call: started, outcome: null, abandoned: true });
    for (const item of [...this.#items.values()]) this.#itemEnded(item, true, call);
  }

  #itemStarted(item: ThreadItem, call: CallHook): void {
    if (this.#items.has(item.id)) return;
    this.#items.set(item.id, item);
    call("onItemStart", { ...this.#place, item });
  }

  #itemEnded(item: ThreadItem, abandoned: boolean, call: CallHook): void {
    this.#items.delete(item.id);
    call("onItemEnd", { ...this.#place, item, abandoned });
  }
}
