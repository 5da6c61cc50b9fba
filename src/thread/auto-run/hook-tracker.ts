import type { ApprovalRequestedEvent, ThreadEvent, ThreadItem, ToolStartedEvent } from "../../protocol/index.js";
import { isWork } from "../turn/reduce-turn.js";
import type { CallHook, TurnPlace } from "./run-hooks.js";

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
