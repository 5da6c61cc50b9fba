import type { ThreadEvent } from "../../protocol/index.js";
import type { EventBuffer, ReaderGate } from "./event-buffer.js";

export interface BufferReader {
  readonly buffer: EventBuffer;
  readonly gate: ReaderGate;
  /** Called with each pull: what is read is begun by it. */
  readonly begin: () => void;
  /** Called when the reader leaves before the end; what it does is waited for. */
  readonly leave: () => Promise<void>;
}

/** The one cursor over the events of a turn, or of a run. */
export function readBuffer({ buffer, gate, begin, leave }: BufferReader): AsyncIterableIterator<ThreadEvent> {
  return {
    next: () => {
      begin();
      const next = buffer.next();
      gate.check();
      return next;
    },
    return: async () => {
      buffer.drop();
      await leave();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
