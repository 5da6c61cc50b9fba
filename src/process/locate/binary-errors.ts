import { CodexError, type CodexErrorOptions } from "../../errors/codex-error.js";

/** One place that was looked at for the codex binary, and why it did not serve. */
export interface TriedPlace {
  readonly place: string;
  readonly reason: string;
}

/** No codex binary was found. `tried` and the message list every place that was looked at. */
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

/** The codex binary was named and is there, but the operating system cannot start it. */
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
