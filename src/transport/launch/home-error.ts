import { accessSync, constants } from "node:fs";
import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";
import { systemCodeOf } from "../../internal/is-error.js";
import { codexHomeOf } from "../guard/user-config.js";

/**
 * Codex cannot use the folder of its login, configuration and threads: it cannot write to it, as on a read-only file system, or
 * the user has no home folder and CODEX_HOME is not set. Nothing was sent to the model.
 */
export class HomeUnusableError extends CodexError {
  override name = "HomeUnusableError";
  /** The folder. Null if there is none. */
  readonly path: string | null;

  constructor(path: string | null, detail: string, options: CodexErrorOptions = {}) {
    const problem =
      path === null
        ? "Codex has no folder for its login, its configuration and its threads"
        : `Codex cannot use the folder of its login, its configuration and its threads, ${path}`;
    const advice =
      path === null
        ? "Set CODEX_HOME or HOME."
        : "Make it writable for this user, or set CODEX_HOME to another folder.";
    super("HOME_UNUSABLE", `${problem}: ${detail.replace(/\.$/, "")}. ${advice}`, { ...options, retryable: false });
    this.path = path;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), path: this.path };
  }
}

/** Returns the error for a reason that codex printed before it exited, or null if its home is not the cause. */
export function toHomeError(
  reason: string,
  env: Readonly<Record<string, string | undefined>>,
  cause: unknown,
): HomeUnusableError | null {
  if (withoutHome.test(reason)) {
    return new HomeUnusableError(null, "HOME is not set, and the system knows no home folder of this user", { cause });
  }
  if (!failedHome.test(reason) || busy.test(reason)) return null;
  const path = codexHomeOf(env);
  const problem = problemOf(path);
  if (problem === null && withoutReason.test(reason)) return null;
  return new HomeUnusableError(path, problem ?? reason, { cause });
}

/** Returns the reason why a folder cannot be written to, or null if it can be, or does not exist. */
function problemOf(path: string): string | null {
  try {
    accessSync(path, constants.W_OK);
    return null;
  } catch (error) {
    return problems[systemCodeOf(error) ?? ""] ?? null;
  }
}

const problems: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "it is on a read-only file system",
};

/** The messages of 0.169.0. */
const withoutHome = /^(?:Error finding codex home: )?Could not find home directory/;
const failedHome =
  /^failed to initialize (?:sqlite state runtime under |in-process app-server client: .*\(os error (?:1|13|28|30|122)\))/;

/** The start of another process was in the way, and a version before 0.168 prints no reason: a later start may succeed. */
const withoutReason = /^failed to initialize sqlite state runtime under \S+$/;

/** Another process has the database: a later start may succeed. */
const busy = /database is (?:locked|busy)|\(code: [56]\)/;
