/** A failure outside codex that ends a command. `kind` sets the exit code; `advice` is the next step for the user. */
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
