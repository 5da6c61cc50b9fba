import type { Writable } from "node:stream";
import type { CodexError } from "../../errors/codex-error.js";
import { TransportClosedError } from "../../errors/transport-closed-error.js";

export interface InputWriter {
  write(text: string): Promise<void>;
  end(): void;
}

/**
 * Returns a writer for a pipe whose reader may close at any time. A write resolves when the pipe has accepted all of it and
 * can accept more. It rejects with `describeLoss()` if the reader has closed, and with `TransportClosedError` after `end()`.
 */
export function createInputWriter(pipe: Writable, describeLoss: () => Promise<CodexError>): InputWriter {
  let ended = false;
  return {
    async write(text) {
      if (ended) throw new TransportClosedError("The input of codex was ended.");
      const written = await new Promise<boolean>((resolve) => {
        // Node reports no error for a write that was cut off when the pipe was destroyed.
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
