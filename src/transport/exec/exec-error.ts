import type { CodexError } from "../../errors/codex-error.js";
import { OptionError } from "../../errors/option-error.js";
import { ProcessExitedError } from "../../process/spawn/process-exited-error.js";
import { lastErrorOf, toExitError } from "../launch/exit-error.js";

export interface ExecEnding {
  readonly threadId: string | null;
  /** The message of the last `error` event. It is the reason if codex prints none. */
  readonly lastError: string | null;
  /** The environment of codex. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Returns the error for a process that ended before its turn did. Codex's error output determines the class. */
export function toExecError(reason: CodexError, ending: ExecEnding): CodexError {
  const error = toExitError(reason, ending);
  if (!(error instanceof ProcessExitedError)) return error;
  const tooLarge = tooLong.exec(lastErrorOf(error) ?? "")?.[1];
  if (tooLarge === undefined) return error;
  return new OptionError("INPUT_TOO_LARGE", "input", tooLarge, { threadId: ending.threadId, cause: reason });
}

const tooLong = /^(?:[\w/]+(?: failed)?: )*(Input exceeds the maximum length of \d+ .*)/;
