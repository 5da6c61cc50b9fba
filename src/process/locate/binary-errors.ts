import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";

/** A place that was searched for the codex binary, and the reason why it was not used. */
export interface TriedPlace {
  readonly place: string;
  readonly reason: string;
}

/** No codex binary was found. `tried` and the message list every place that was searched. */
export class BinaryNotFoundError extends CodexError {
  override name = "BinaryNotFoundError";
  readonly tried: readonly TriedPlace[];

  constructor(tried: readonly TriedPlace[], options: CodexErrorOptions = {}) {
    const list = tried.map(({ place, reason }) => `\n  - ${place}: ${reason}`).join("");
    const advice = "Install `@openai/codex`, or set `codexPathOverride` or `CODEX_PATH`.";
    super("BINARY_NOT_FOUND", `No codex binary was found. ${advice} Tried:${list}`, { ...options, retryable: false });
    this.tried = tried;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), tried: this.tried };
  }
}

/** The configured codex binary exists, but the operating system cannot start it. */
export class BinaryNotExecutableError extends CodexError {
  override name = "BinaryNotExecutableError";
  readonly path: string;

  constructor(path: string, reason: string, options: CodexErrorOptions = {}) {
    super("BINARY_NOT_EXECUTABLE", `${path} cannot be started: ${reason}.`, { ...options, retryable: false });
    this.path = path;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), path: this.path };
  }
}

type UnsafeBinaryErrorCode = "BINARY_CHANGED" | "BINARY_WRITABLE";

/**
 * codexkit does not start the codex binary, because commands of the agent may have replaced it. `BINARY_WRITABLE`: it lies in
 * a folder that the thread's sandbox allows commands to write to. `BINARY_CHANGED`: the file differs from the first start.
 */
export class UnsafeBinaryError extends CodexError {
  override name = "UnsafeBinaryError";
  readonly path: string;

  constructor(code: UnsafeBinaryErrorCode, path: string, reason: string) {
    super(code, `The codex binary ${path} ${reason}.`, { retryable: false });
    this.path = path;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), path: this.path };
  }
}
