import type { ThreadEvent } from "../../index.js";

/** Collects the message that the model is writing: the partial answer of an interrupted turn. */
export class UnfinishedAnswer {
  #itemId: string | null = null;
  #pieces: string[] = [];

  /** Empty if no message, or a commentary, is being written. */
  get text(): string {
    return this.#pieces.join("");
  }

  add(event: ThreadEvent): void {
    switch (event.type) {
      case "item.started":
        if (event.item.type === "agentMessage") this.#begin(event.item.phase === "commentary" ? null : event.item.id);
        return;
      case "item.agentMessage.delta":
        if (event.itemId === this.#itemId) this.#pieces.push(event.delta);
        return;
      case "item.completed":
        if (event.item.id === this.#itemId) this.#begin(null);
        return;
      case "error":
        // Codex repeats the model request and starts a new message.
        if (event.willRetry === true) this.#begin(null);
        return;
      default:
    }
  }

  #begin(itemId: string | null): void {
    this.#itemId = itemId;
    this.#pieces = [];
  }
}
