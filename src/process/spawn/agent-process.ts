import type { CodexError } from "../../errors/codex-error.js";
import type { LineChannel } from "../../internal/lines/line-channel.js";
import type { ProcessExit } from "./process-exited-error.js";

/**
 * A running codex: its output as lines, its input as writes, and how it ended.
 *
 * `lines` may be read once, one array per chunk that completed a line. It pulls from the pipe only as it is asked, so a
 * slow reader pushes back on codex. It ends with the output, or a second after the process ended where a grandchild
 * holds the pipe open. Leaving it early throws the rest of the output away, so that codex is never stuck on a full pipe.
 */
export interface AgentProcess extends LineChannel {
  readonly pid: number;
  /** How the process ended, null while it runs. */
  readonly exit: ProcessExit | null;
  /** Never rejects. Resolves when the process itself is gone; its output may still hold something to read. */
  readonly exited: Promise<ProcessExit>;
  /** The end of the error output, bounded and without secrets. */
  stderrTail(): string;
  /** Writes text as it is, without a line end. Resolves and rejects as `write` does. */
  writeRaw(text: string): Promise<void>;
  /** Sends a signal to the process alone. False, and nothing else, when it is gone. */
  kill(signal: NodeJS.Signals): boolean;
  /** The process no longer keeps the host alive, as it does from its start. */
  unref(): void;
  /**
   * Why nothing comes from the process any more, told once its error output is complete: a `ProcessExitedError`, or a
   * `TransportClosedError` where it still runs after a second.
   */
  describeExit(): Promise<CodexError>;
}
