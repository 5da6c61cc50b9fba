/** The result of one check of the doctor. */
export interface Check {
  readonly name: CheckName;
  /** `warn`: codexkit works with a limitation. `fail`: a feature does not work. */
  readonly status: "ok" | "warn" | "fail";
  /** The result, as a sentence. */
  readonly summary: string;
  /** The next step for the user. */
  readonly advice?: string;
  /** The result as data, without secrets. */
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

export type CheckName =
  | "node"
  | "git"
  | "binary"
  | "version"
  | "codex-home"
  | "tmpdir"
  | "app-server"
  | "config"
  | "provider"
  | "mcp"
  | "trust"
  | "login"
  | "sandbox";

/** Time limit of a check in milliseconds. */
export const checkTimeoutMs = 10_000;

/** Returns an error as one line, for a check's summary. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, " ").trim();
}
