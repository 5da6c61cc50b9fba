import type { Paint } from "./paint.js";

/** What a command sees of the process it runs in. */
export interface CliHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when the user or the system wants the command to end. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Colours text for `out`. */
  readonly paint: Paint;
}
