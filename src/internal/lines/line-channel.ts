/** One complete line of a byte stream, without its line end. `truncated` is set where it was over the size bound. */
export interface Line {
  readonly text: string;
  readonly truncated: boolean;
}

/**
 * Lines in, lines out: all that a JSON-RPC peer or an event decoder needs of a child process, a socket or a test.
 * `lines` may be read once. It ends when the other side ended its output.
 */
export interface LineChannel {
  readonly lines: AsyncIterable<readonly Line[]>;
  /** Writes one line. Resolves when the other side can take more; rejects, and never throws later, when it is gone. */
  write(line: string): Promise<void>;
  /** Ends our output. Idempotent. */
  end(): void;
}
