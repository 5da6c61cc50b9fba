import type { Readable } from "node:stream";
import type { ExitCode } from "./exit-codes.js";
import type { Paint } from "./paint.js";

/** What a command sees of the process it runs in. */
export interface CliHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when the user or the system wants the command to end. */
  readonly signal: AbortSignal;
  /** Takes Ctrl-C for as long as there is work that can be ended gently. Gives the function that stops it. */
  readonly onInterrupt: (taker: InterruptTaker) => () => void;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Colours text for `out`. */
  readonly paint: Paint;
  /** Colours text for `err`. */
  readonly errPaint: Paint;
  /** Whether a terminal shows what goes to `out`, so that nothing may go there that it would obey. */
  readonly outIsTerminal: boolean;
  /** The terminal that shows what goes to `err`, where it is one that can redraw a line. */
  readonly errTerminal: { readonly columns: number } | null;
  readonly stdin: CliInput;
}

export interface CliInput {
  readonly isTerminal: boolean;
  /** Nothing is read, and nothing waits for input, before this is called. */
  open(): Readable;
}

/** The arguments of the function that adds a command. */
export interface CommandContext {
  readonly host: CliHost;
  /** Sets the exit code. The command calls it once, when it has ended. */
  readonly done: (code: ExitCode) => void;
}

/** A command that does otherwise than end on the first Ctrl-C. */
export interface InterruptTaker {
  /** The first Ctrl-C. False where there is nothing to end gently: then `signal` is aborted. */
  interrupt(): boolean;
  /** The process is gone when this has returned: whatever has to be said is said now. */
  lastWords(): void;
}
