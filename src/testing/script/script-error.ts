import { CodexError } from "../../errors/codex-error.js";

/** The differences between the use of a double and its script. */
export interface ScriptMismatch {
  /** Calls for which the script had no step left, and calls that the double does not know. */
  readonly unexpected: readonly string[];
  /** Steps that were never used. */
  readonly unused: readonly string[];
  /** All other differences, such as a wrong token or an answer of the wrong form. */
  readonly violations: readonly string[];
}

/** A double was used differently from its script. The message lists every difference. Its code is `SCRIPT_MISMATCH`. */
export class ScriptError extends CodexError implements ScriptMismatch {
  override name = "ScriptError";
  readonly unexpected: readonly string[];
  readonly unused: readonly string[];
  readonly violations: readonly string[];

  constructor(subject: string, mismatch: ScriptMismatch) {
    super("SCRIPT_MISMATCH", `${subject}: ${summarise(mismatch)}`, { retryable: false });
    this.unexpected = mismatch.unexpected;
    this.unused = mismatch.unused;
    this.violations = mismatch.violations;
  }

  override toJSON(): Record<string, unknown> {
    const { unexpected, unused, violations } = this;
    return { ...super.toJSON(), unexpected, unused, violations };
  }
}

function summarise({ unexpected, unused, violations }: ScriptMismatch): string {
  return [listing("unexpected", unexpected), listing("unused", unused), listing("violation", violations)]
    .filter((text) => text !== "")
    .join("\n");
}

function listing(kind: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${String(lines.length)} ${kind}\n${lines.map((line) => `  - ${line}`).join("\n")}`;
}
