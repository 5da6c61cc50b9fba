import type { CodexError } from "../../errors/codex-error.js";
import type { LineChannel } from "../../internal/lines/line-channel.js";
import type { ProcessExit } from "./process-exited-error.js";

/**
 * A running codex: its output as lines, its input as writes, and its exit.
 *
 * `lines` can be read once. It yields one array for each chunk that completed a line, and reads from the pipe on demand, so
 * that a slow reader slows codex down. It ends with the output, or one second after the process ended if a grandchild holds
 * the pipe open. If the reader stops early, the rest of the output is discarded, so that codex never blocks on a full pipe.
 */
export interface AgentProcess extends LineChannel {
  readonly pid: number;
  /** The exit of the process, or null while it runs. */
  readonly exit: ProcessExit | null;
  /** Resolves when the process has ended; its output may still have unread lines. Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** The end of the error output, bounded and without secrets. */
  stderrTail(): string;
  /** Writes text without adding a line end. Resolves and rejects like `write`. */
  writeRaw(text: string): Promise<void>;
  /** Sends a signal to this process only. Returns false if the process has ended. */
  kill(signal: NodeJS.Signals): boolean;
  /** Allows the host program to exit while the process runs. */
  unref(): void;
  /**
   * Resolves with the reason why the output ended, once the error output is complete: a `ProcessExitedError`, or a
   * `TransportClosedError` if the process still runs after one second.
   */
  describeExit(): Promise<CodexError>;
}
