/** One complete line of a byte stream, without its line end. `truncated` is true if it was longer than the bound. */
export interface Line {
  readonly text: string;
  readonly truncated: boolean;
}

/**
 * Lines in, lines out: the interface of a child process, a socket or a test to a JSON-RPC peer or an event decoder. `lines`
 * can be read once. It ends when the other side has ended its output.
 */
export interface LineChannel {
  readonly lines: AsyncIterable<readonly Line[]>;
  /** Writes one line. Resolves when the other side can take more; rejects if the other side is gone. */
  write(line: string): Promise<void>;
  /** Ends our output. Idempotent. */
  end(): void;
}
