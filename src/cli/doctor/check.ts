/** One thing that the doctor looked at. */
export interface Check {
  readonly name: CheckName;
  /** `warn`: codexkit works, but something will surprise. `fail`: something will not work. */
  readonly status: "ok" | "warn" | "fail";
  /** What was found, as a sentence. */
  readonly summary: string;
  /** What to do about it. */
  readonly advice?: string;
  /** The same as data. Never a secret. */
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

export type CheckName =
  "node" | "git" | "binary" | "version" | "codex-home" | "app-server" | "config" | "login" | "sandbox";

/** What a check may take, in milliseconds. */
export const checkTimeoutMs = 10_000;

/** An error as one line, for a check's summary. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, " ").trim();
}
