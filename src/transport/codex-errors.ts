import { CodexError, type CodexErrorOptions } from "../errors/codex-error.js";

/** Codex knows no thread with this id in this CODEX_HOME, or it is archived, or was ephemeral. */
export class ThreadNotFoundError extends CodexError {
  override name = "ThreadNotFoundError";
  constructor(threadId: string | null, detail: string, options: CodexErrorOptions = {}) {
    super("THREAD_NOT_FOUND", `Codex cannot resume the thread ${threadId ?? ""}: ${detail}`, {
      ...options,
      threadId,
      retryable: false,
    });
  }
}

/** Another process is writing to the thread: codex allows one at a time. */
export class ThreadLockedError extends CodexError {
  override name = "ThreadLockedError";
  constructor(threadId: string | null, detail: string, options: CodexErrorOptions = {}) {
    super("THREAD_BUSY", `Another process works on the thread ${threadId ?? ""}: ${detail}`, {
      ...options,
      threadId,
      retryable: true,
    });
  }
}

/**
 * Codex refuses its configuration: the `config.toml` of its CODEX_HOME or of the project, the `config` option, or the
 * CODEX_HOME itself. Nothing was sent to the model. Mend what `message` names.
 */
export class ConfigError extends CodexError {
  override name = "ConfigError";
  constructor(detail: string, options: CodexErrorOptions = {}) {
    super("CONFIG_INVALID", `Codex cannot use its configuration: ${detail}`, { ...options, retryable: false });
  }
}

/** The codex binary's version is outside the supported range, and `strictVersion` is set. */
export class UnsupportedVersionError extends CodexError {
  override name = "UnsupportedVersionError";
  readonly version: string | null;
  constructor(version: string | null, range: string) {
    super("UNSUPPORTED_VERSION", describeVersion(version, range), { retryable: false });
    this.version = version;
  }
}

/** The same sentence for the error and for the warning. */
export function describeVersion(version: string | null, range: string): string {
  return `This codexkit is proven against codex ${range}; the binary says it is ${version ?? "of no known version"}.`;
}

/** The binary runs but is not codex. */
export class NotCodexError extends CodexError {
  override name = "NotCodexError";
  readonly path: string;
  constructor(path: string, detail: string, options: CodexErrorOptions = {}) {
    super("NOT_CODEX", `${path} does not answer as codex does: ${detail}`, { ...options, retryable: false });
    this.path = path;
  }
}

/** Turns codex's own words into the typed error they mean, or null where they mean none of these. */
export function toThreadError(message: string, threadId: string | null, cause?: unknown): CodexError | null {
  if (/no rollout found|thread not found|is archived|no such thread|rollout at .* is empty/i.test(message)) {
    return new ThreadNotFoundError(threadId, message, { cause });
  }
  if (/already has an active writer/i.test(message)) return new ThreadLockedError(threadId, message, { cause });
  const detail = configDetail(message);
  return detail === null ? null : new ConfigError(detail, { threadId, cause });
}

/** Measured on 0.169.0: the app-server words all of them the first way, exec some of them. */
function configDetail(message: string): string | null {
  const named = /(?:failed to load configuration|Error loading config\.toml): (.+)/s.exec(message)?.[1];
  return named ?? (configFaults.some((fault) => fault.test(message)) ? message : null);
}

const configFaults: readonly RegExp[] = [
  /^Model provider `.*` not found/,
  /is no longer supported; remove this setting/,
  /CODEX_HOME points to /,
];
