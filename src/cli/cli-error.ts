/** A command cannot go on for a reason outside codex. `kind` decides the exit code, `advice` says what to do. */
export class CliError extends Error {
  override name = "CliError";
  readonly kind: "environment" | "failed" | "usage";
  readonly advice: string;

  constructor(kind: CliError["kind"], message: string, options: { readonly advice: string; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.advice = options.advice;
  }
}
