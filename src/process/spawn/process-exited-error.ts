import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessExitedOptions extends CodexErrorOptions {
  /** What codex says of its end. Default: the last line of its error output. */
  readonly said?: string | undefined;
}

/** The codex process ended before the work was done. `stderr` is the end of its error output, without secrets. */
export class ProcessExitedError extends CodexError {
  override name = "ProcessExitedError";
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;

  constructor(exit: ProcessExit, stderr: string, options: ProcessExitedOptions = {}) {
    const ending = exit.signal === null ? `exited with code ${String(exit.code)}` : `was ended by ${exit.signal}`;
    const said = (options.said ?? stderr.trimEnd().split("\n").at(-1) ?? "").slice(0, 500);
    super("PROCESS_EXITED", `The codex process ${ending}${said === "" ? "." : `: ${said}`}`, options);
    this.exitCode = exit.code;
    this.signal = exit.signal;
    this.stderr = stderr;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), exitCode: this.exitCode, signal: this.signal };
  }
}
