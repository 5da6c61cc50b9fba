import type { Writable } from "node:stream";
import type { CodexError } from "../../errors/codex-error.js";
import { TransportClosedError } from "../../errors/transport-closed-error.js";

export interface InputWriter {
  write(text: string): Promise<void>;
  end(): void;
}

/**
 * Writes to a pipe whose reader may go at any time. A write resolves when the pipe took all of it, which is also when
 * it can take more. It rejects with `describeLoss()` when the reader is gone, and with `TransportClosedError` after `end()`.
 */
export function createInputWriter(pipe: Writable, describeLoss: () => Promise<CodexError>): InputWriter {
  let ended = false;
  return {
    async write(text) {
      if (ended) throw new TransportClosedError("The input of codex was ended.");
      const written = await new Promise<boolean>((resolve) => {
        // A write that is cut off because the pipe was destroyed is called back without an error.
        if (pipe.writable) pipe.write(text, (error) => resolve((error ?? null) === null && !pipe.destroyed));
        else resolve(false);
      });
      if (!written) throw await describeLoss();
    },
    end() {
      if (!ended) pipe.end();
      ended = true;
    },
  };
}
