import { CodexError } from "../../errors/codex-error.js";

/** What went otherwise than the script says. */
export interface ScriptMismatch {
  /** Calls that no step was left for, or that the double does not know. */
  readonly unexpected: readonly string[];
  /** Steps that nothing has asked for. */
  readonly unused: readonly string[];
  /** Everything else: a wrong token, an answer that did not fit. */
  readonly violations: readonly string[];
}

/** A double was used otherwise than its script says. The message lists every difference. */
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
