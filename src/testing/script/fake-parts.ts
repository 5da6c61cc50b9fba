import type { JsonObject } from "../../internal/json.js";

/** Parts that only the fakes accept, because they replace the behaviour of codex itself. */
export type FakePart = ServerRequestPart | NotifyPart | ProcessPart;

/** Parts that act on the process: its output, or its end. */
export type ProcessPart = StdoutPart | StderrPart | CloseStdoutPart | DiePart;

/** The ids in a message of the running turn. */
export interface TurnIds {
  readonly threadId: string;
  readonly turnId: string;
}

/** The params of a message, or a function that returns them for the ids of the running turn. */
export type ScriptedParams = JsonObject | ((turn: TurnIds) => JsonObject);

export interface ServerRequestPart {
  readonly type: "serverRequest";
  readonly method: string;
  readonly params: ScriptedParams;
}

export interface NotifyPart {
  readonly type: "notify";
  readonly method: string;
  readonly params: ScriptedParams;
}

export interface StdoutPart {
  readonly type: "stdout";
  readonly data: string | Uint8Array;
}

export interface StderrPart {
  readonly type: "stderr";
  readonly text: string;
}

export interface CloseStdoutPart {
  readonly type: "closeStdout";
}

export interface DiePart {
  readonly type: "die";
  readonly code: number;
  readonly signal: NodeJS.Signals | undefined;
}

/**
 * Sends a request to the client during a turn. The turn continues after the answer, which the fake app-server records in
 * `answers`.
 *
 * @example
 * ```ts
 * import { createFakeAppServer, message, respond, serverRequest } from "codexkit/testing";
 *
 * const ask = serverRequest("item/fileChange/requestApproval", (turn) => ({ ...turn, itemId: "call_1", startedAtMs: 0 }));
 * await using server = await createFakeAppServer([respond(ask, message("Thank you."))]);
 * ```
 */
export function serverRequest(method: string, params: ScriptedParams): ServerRequestPart {
  return { type: "serverRequest", method, params };
}

/** Sends a notification with any method to the client. */
export function notify(method: string, params: ScriptedParams): NotifyPart {
  return { type: "notify", method, params };
}

/** Writes a line to the process's stdout unchanged and adds a line feed. The line may be invalid JSON. */
export function line(text: string): StdoutPart {
  return { type: "stdout", data: `${text}\n` };
}

/** Writes text or bytes to the process's stdout unchanged, such as part of a line or of a character. */
export function stdout(data: string | Uint8Array): StdoutPart {
  return { type: "stdout", data };
}

/** Writes text to the process's stderr unchanged. */
export function stderr(text: string): StderrPart {
  return { type: "stderr", text };
}

/** Closes the process's stdout. The process keeps running. */
export function closeStdout(): CloseStdoutPart {
  return { type: "closeStdout" };
}

/** Ends the process during the turn, with an exit code (default: 1) or by a signal. */
export function die(options: { readonly code?: number; readonly signal?: NodeJS.Signals } = {}): DiePart {
  return { type: "die", code: options.code ?? 1, signal: options.signal };
}
