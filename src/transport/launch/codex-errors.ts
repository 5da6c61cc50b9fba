import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";
import { RpcError } from "../../rpc/rpc-errors.js";

/** The CODEX_HOME has no thread with this id, or the thread is archived or was ephemeral. */
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

/** The file with the history of the thread is empty, or not in codex's form. `message` names the file. */
export class ThreadDamagedError extends CodexError {
  override name = "ThreadDamagedError";
  constructor(threadId: string | null, detail: string, options: CodexErrorOptions = {}) {
    const advice = "Restore the file from a backup, or start a new thread.";
    super("THREAD_DAMAGED", `The history of the thread ${threadId ?? ""} is damaged: ${detail} ${advice}`, {
      ...options,
      threadId,
      retryable: false,
    });
  }
}

/** An MCP server with `required: true` did not start. Nothing was sent to the model. `message` names the server. */
export class McpServerError extends CodexError {
  override name = "McpServerError";
  constructor(detail: string, options: CodexErrorOptions = {}) {
    const message = `A required MCP server did not start: ${detail} Correct its configuration, or remove \`required\`.`;
    super("MCP_SERVER_FAILED", message, { ...options, retryable: false });
  }
}

/**
 * Another codex process has the thread loaded, also if it is idle there. Codex allows one process at a time. It is released by
 * `thread.close()`, by `codex.close()`, or by the end of that process.
 */
export class ThreadLockedError extends CodexError {
  override name = "ThreadLockedError";
  constructor(threadId: string | null, detail: string, options: CodexErrorOptions = {}) {
    const problem = `Another codex process has the thread ${threadId ?? ""} loaded: ${detail.replace(/\.$/, "")}.`;
    const advice =
      "A process keeps an idle thread loaded: call `thread.close()` or `codex.close()` there, or end the process.";
    super("THREAD_BUSY", `${problem} ${advice}`, {
      ...options,
      threadId,
      retryable: true,
    });
  }
}

/**
 * Codex rejected its configuration: the `config.toml` of its CODEX_HOME or of the project, the `config` option, or the
 * CODEX_HOME itself. Nothing was sent to the model. `message` names the setting to correct.
 */
export class ConfigError extends CodexError {
  override name = "ConfigError";
  constructor(detail: string, options: CodexErrorOptions = {}) {
    super("CONFIG_INVALID", `Codex cannot use its configuration: ${detail}`, { ...options, retryable: false });
  }
}

/**
 * The version of codex is not proven, and `strictVersion` is set, or it cannot keep a promise about secrets. The message
 * names the version and the way out.
 */
export class UnsupportedVersionError extends CodexError {
  override name = "UnsupportedVersionError";
  readonly version: string | null;
  constructor(version: string | null, message: string) {
    super("UNSUPPORTED_VERSION", message, { retryable: false });
    this.version = version;
  }
}

/** The binary runs but is not codex. */
export class NotCodexError extends CodexError {
  override name = "NotCodexError";
  readonly path: string;
  constructor(path: string, detail: string, options: CodexErrorOptions = {}) {
    super("NOT_CODEX", `${path} does not respond like codex: ${detail}`, { ...options, retryable: false });
    this.path = path;
  }
}

/**
 * Returns the typed error for a message of codex, or null if none fits. The message must be codex's own, not one that codex
 * forwards, for example from the model's service. If the cause is an `RpcError`, its longer `rpcMessage` is used.
 */
export function toThreadError(message: string, threadId: string | null, cause?: unknown): CodexError | null {
  const text = (cause instanceof RpcError ? cause.rpcMessage : message).replace(refusedMethod, "");
  const damage = damagedThread.exec(text)?.[1];
  if (damage !== undefined) return new ThreadDamagedError(threadId, sentence(damage), { cause });
  const server = brokenServer.exec(text)?.[1];
  if (server !== undefined) return new McpServerError(sentence(server), { threadId, cause });
  if (lostThread.some((pattern) => pattern.test(text))) return new ThreadNotFoundError(threadId, message, { cause });
  if (lockedThread.test(text)) return new ThreadLockedError(threadId, message, { cause });
  const detail = configDetail(text);
  return detail === null ? null : new ConfigError(detail, { threadId, cause });
}

/** The prefix of a reason, which codex may write twice: `thread/resume: thread/resume failed: `. */
const refusedMethod = /^(?:[a-z]\w*\/[\w/]+(?: failed| was refused)?: )+/;

/** The messages of 0.169.0. */
const lostThread: readonly RegExp[] = [
  /^no (?:archived )?rollout found for /,
  /^thread not found: /,
  /^(?:session|thread) \S+ is archived\b/,
];
/** Other reasons why the file cannot be read, such as missing permissions, are no damage. */
const damagedThread =
  /^failed to read thread: (?:.*\bfailed to read session metadata )?(.* (?:is empty|does not start with session metadata|did not contain valid UTF-8))(?: \(code -?\d+\))?$/s;
/** The reason ends with the code of the answer. */
const brokenServer = /^error creating thread: .*\brequired MCP servers failed to initialize: (.+)$/s;
const lockedThread = /^thread \S+ already has an active writer\b/;

/** Returns the reason without the code of the answer, as a sentence. */
function sentence(reason: string): string {
  return `${reason.replace(/ \(code -?\d+\)$/, "").replace(/\.$/, "")}.`;
}

/** Returns the reason of a configuration error. The app-server always uses the first form, exec only sometimes. */
function configDetail(text: string): string | null {
  const named = /^(?:failed to load configuration|Error loading config\.toml): (.+)/s.exec(text)?.[1];
  return named ?? (configFaults.some((fault) => fault.test(text)) ? text : null);
}

const configFaults: readonly RegExp[] = [
  /^Model provider `.*` not found/,
  /^\w+ = \S+ is no longer supported; remove this setting/,
  /^features\.[\w.]+ is required when /,
  /^failed to initialize in-process app-server client: (?:config defines `|default_permissions )/,
  /^legacy `profile = .*` config is no longer supported/,
  /^(?:Error [^:]*: )?CODEX_HOME points to /,
];
