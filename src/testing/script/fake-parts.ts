import type { JsonObject } from "../../internal/json.js";
import type { ModelPart, ModelStep } from "./model-step.js";

/** Parts that only the fakes know, as they stand for what codex itself does. */
export type FakePart = ServerRequestPart | NotifyPart | ProcessPart;

/** Parts that say what the process does. */
export type ProcessPart = StdoutPart | StderrPart | CloseStdoutPart | DiePart;

/** A step for the fakes: a model's response with parts of either kind. */
export type FakeStep = ModelStep<ModelPart | FakePart>;

/** The ids that a message of the running turn carries. */
export interface TurnIds {
  readonly threadId: string;
  readonly turnId: string;
}

/** The params of a message, or how they are made of the ids of the running turn. */
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
 * Asks the client something in the middle of a turn, and goes on when the answer has come. The fake app-server keeps
 * the answers in `answers`.
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

/** Sends a notification of the app-server protocol, any one. */
export function notify(method: string, params: ScriptedParams): NotifyPart {
  return { type: "notify", method, params };
}

/** Writes a line to the process's stdout as it is, so that garbage can be scripted. A line feed is added. */
export function line(text: string): StdoutPart {
  return { type: "stdout", data: `${text}\n` };
}

/** Writes text or bytes to the process's stdout as they are: half a line, half a character. */
export function stdout(data: string | Uint8Array): StdoutPart {
  return { type: "stdout", data };
}

/** Writes text to the process's stderr as it is. */
export function stderr(text: string): StderrPart {
  return { type: "stderr", text };
}

/** Closes the process's stdout; the process lives on. */
export function closeStdout(): CloseStdoutPart {
  return { type: "closeStdout" };
}

/** Ends the process in the middle of the turn: with an exit code (default 1) or by a signal. */
export function die(options: { readonly code?: number; readonly signal?: NodeJS.Signals } = {}): DiePart {
  return { type: "die", code: options.code ?? 1, signal: options.signal };
}
