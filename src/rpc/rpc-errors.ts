import { CodexError, type CodexErrorOptions } from "../errors/codex-error.js";
import type { JsonValue } from "../internal/json.js";
import { classifyRpcFailure, type RpcFailureKind } from "./rpc-failures.js";

/** The error of a JSON-RPC error response. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue | undefined;
}

/** Some messages of codex list every known variant, 4 KB of text. `rpcMessage` has the whole text. */
const longestMessage = 500;

/**
 * The app-server answered a request with an error. `rpcCode`, `rpcMessage` and `data` are those of the server; `kind` is
 * the failure that codexkit recognises, or null. Codex uses -32600 for nearly every error, so the kind is derived from
 * the text.
 */
export class RpcError extends CodexError {
  override name = "RpcError";
  readonly method: string;
  readonly rpcCode: number;
  readonly rpcMessage: string;
  readonly data: JsonValue | undefined;
  readonly kind: RpcFailureKind | null;

  constructor(method: string, error: WireError, options: CodexErrorOptions = {}) {
    super("RPC_ERROR", `${method} was refused: ${shortened(error.message)} (code ${error.code})`, options);
    this.method = method;
    this.rpcCode = error.code;
    this.rpcMessage = error.message;
    this.data = error.data;
    this.kind = classifyRpcFailure(error);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), method: this.method, rpcCode: this.rpcCode, kind: this.kind };
  }
}

/**
 * The app-server refused the request because it has too many. It has not handled the request, so the same request may
 * succeed later: see `retryOnOverload()`. `data` is that of the server, if any.
 */
export class RpcOverloadedError extends CodexError {
  override name = "RpcOverloadedError";
  readonly method: string;
  readonly data: JsonValue | undefined;

  constructor(method: string, data?: JsonValue) {
    const problem = `${method} was refused, and not handled: the app-server has too many requests.`;
    super("SERVER_OVERLOADED", `${problem} The same request may succeed later.`, { retryable: true });
    this.method = method;
    this.data = data;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), method: this.method };
  }
}

/** The app-server did not answer within the deadline. `sent` is false if the request was never sent. */
export class RpcTimeoutError extends CodexError {
  override name = "RpcTimeoutError";
  readonly method: string;
  readonly timeoutMs: number;
  readonly sent: boolean;

  constructor(method: string, timeoutMs: number, sent: boolean) {
    const state = sent ? "was not answered" : "could not be sent, for too many requests in flight,";
    super("RPC_TIMEOUT", `${method} ${state} within ${timeoutMs} ms.`, { retryable: true });
    this.method = method;
    this.timeoutMs = timeoutMs;
    this.sent = sent;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), method: this.method, timeoutMs: this.timeoutMs, sent: this.sent };
  }
}

function shortened(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}
