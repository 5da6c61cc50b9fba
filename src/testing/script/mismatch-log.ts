import { ScriptError, type ScriptMismatch } from "./script-error.js";

/** Records how the use of a double differs from its script or recording. */
export class MismatchLog {
  readonly #subject: string;
  readonly #unexpected: string[] = [];
  readonly #violations: string[] = [];
  #thrown = false;

  /** `subject` names the double in the error's message. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Records a call without a step, or one that the double does not know. */
  noteUnexpected(text: string): void {
    this.#unexpected.push(text);
  }

  /** Records any other difference, such as a wrong token or a wrong answer. */
  noteViolation(text: string): void {
    this.#violations.push(text);
  }

  /** Throws a `ScriptError` with all differences and with the unused steps. Does nothing after it has thrown once. */
  check(unused: readonly string[]): void {
    const mismatch: ScriptMismatch = { unexpected: [...this.#unexpected], unused, violations: [...this.#violations] };
    const count = mismatch.unexpected.length + mismatch.unused.length + mismatch.violations.length;
    if (count === 0 || this.#thrown) return;
    this.#thrown = true;
    throw new ScriptError(this.#subject, mismatch);
  }
}
