import type { Readable } from "node:stream";
import type { ExitCode } from "./exit-codes.js";
import type { Paint } from "./paint.js";

/** The parts of its process that a command uses. */
export interface CliHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when the user or the system wants the command to end. */
  readonly signal: AbortSignal;
  /** Registers a handler for Ctrl-C, for work that can be interrupted. Returns a function that removes the handler. */
  readonly onInterrupt: (handler: InterruptHandler) => () => void;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Colours text for `out`. */
  readonly paint: Paint;
  /** Colours text for `err`. */
  readonly errPaint: Paint;
  /** True if `out` is a terminal. Then its output must not contain control sequences of the model. */
  readonly outIsTerminal: boolean;
  /** The terminal behind `err` if it can redraw a line, else null. */
  readonly errTerminal: { readonly columns: number } | null;
  readonly stdin: CliInput;
}

export interface CliInput {
  readonly isTerminal: boolean;
  /** Starts to read. Before this call the process does not wait for input. */
  open(): Readable;
}

/** The arguments of the function that adds a command. */
export interface CommandContext {
  readonly host: CliHost;
  /** Sets the exit code. The command calls it once, when it has ended. */
  readonly done: (code: ExitCode) => void;
}

/** Reacts to Ctrl-C in place of the default, which ends the command. */
export interface InterruptHandler {
  /** Called on the first Ctrl-C. Returns false if there is nothing to interrupt; then `signal` is aborted. */
  interrupt(): boolean;
  /** Called before the process ends at once. Prints the remaining output synchronously. */
  beforeExit(): void;
}
