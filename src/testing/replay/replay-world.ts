import type { Spelling } from "./spelling.js";

/** What the processes of one replay share. */
export interface ReplayWorld {
  readonly spelling: Spelling;
  noteUnexpected(text: string): void;
  noteViolation(text: string): void;
}
