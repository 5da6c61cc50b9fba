import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";

/** The exit of a process: its code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessExitedOptions extends CodexErrorOptions {
  /** The reason that codex printed. Default: the last line of its error output. */
  readonly detail?: string | undefined;
}

/** The codex process ended before the work was done. `stderr` is the end of its error output, without secrets. */
export class ProcessExitedError extends CodexError {
  override name = "ProcessExitedError";
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;

  constructor(exit: ProcessExit, stderr: string, options: ProcessExitedOptions = {}) {
    const ending = exit.signal === null ? `exited with code ${String(exit.code)}` : `was ended by ${exit.signal}`;
    const detail = (options.detail ?? stderr.trimEnd().split("\n").at(-1) ?? "").slice(0, 500);
    super("PROCESS_EXITED", `The codex process ${ending}${detail === "" ? "." : `: ${detail}`}`, options);
    this.exitCode = exit.code;
    this.signal = exit.signal;
    this.stderr = stderr;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), exitCode: this.exitCode, signal: this.signal };
  }
}
