import type { ThreadEvent } from "../../index.js";

/** The message that the model is writing, as far as it is told: what an interrupted turn has of an answer. */
export class UnfinishedAnswer {
  #itemId: string | null = null;
  #pieces: string[] = [];

  /** Empty where none is being written, or a commentary. */
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
        // Codex asks the model again, and begins the message anew.
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
