import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";
import { RpcError } from "../../rpc/rpc-errors.js";

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

/**
 * Turns codex's own words into the typed error they mean, or null where they mean none of these. Give it nothing that
 * others said through codex, such as the model's service. An `RpcError` as the cause has more words than its message.
 */
export function toThreadError(message: string, threadId: string | null, cause?: unknown): CodexError | null {
  const words = (cause instanceof RpcError ? cause.rpcMessage : message).replace(refusedMethod, "");
  if (lostThread.some((pattern) => pattern.test(words))) return new ThreadNotFoundError(threadId, message, { cause });
  if (lockedThread.test(words)) return new ThreadLockedError(threadId, message, { cause });
  const detail = configDetail(words);
  return detail === null ? null : new ConfigError(detail, { threadId, cause });
}

/** What codex writes before its reason, once or twice: `thread/resume: thread/resume failed: `. */
const refusedMethod = /^(?:[a-z]\w*\/[\w/]+(?: failed| was refused)?: )+/;

/** As 0.169.0 words them. */
const lostThread: readonly RegExp[] = [
  /^no (?:archived )?rollout found for /,
  /^thread not found: /,
  /^(?:session|thread) \S+ is archived\b/,
  /^failed to read thread: .*\brollout at .* is empty(?: \(code -?\d+\))?$/,
];
const lockedThread = /^thread \S+ already has an active writer\b/;

/** The app-server words all of them the first way, exec some of them. */
function configDetail(words: string): string | null {
  const named = /^(?:failed to load configuration|Error loading config\.toml): (.+)/s.exec(words)?.[1];
  return named ?? (configFaults.some((fault) => fault.test(words)) ? words : null);
}

const configFaults: readonly RegExp[] = [
  /^Model provider `.*` not found/,
  /^\w+ = \S+ is no longer supported; remove this setting/,
  /^(?:Error [^:]*: )?CODEX_HOME points to /,
];
