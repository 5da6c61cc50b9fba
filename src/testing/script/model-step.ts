import type { JsonValue } from "../../internal/json.js";
import type { FakePart } from "./fake-parts.js";
import type { Hold } from "./hold.js";
import type { ModelItem } from "./model-items.js";
import type { UsagePart } from "./token-usage.js";

/** Sets the time between the events that follow. */
export interface PacePart {
  readonly type: "pace";
  readonly delayMs: number;
}

/** What a model's response is made of, in the order it is sent. */
export type ModelPart = ModelItem | Hold | UsagePart | PacePart;

/** The model's answer to one request. Make one with {@link respond} and its neighbours. */
export type ModelStep<Part = ModelPart> = ResponseStep<Part> | HttpErrorStep | RawStep;

export interface ResponseStep<Part = ModelPart> {
  readonly type: "response";
  readonly parts: readonly Part[];
  readonly end: ResponseEnd;
}

export type ResponseEnd =
  | { readonly type: "completed" }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "incomplete"; readonly reason: string }
  | { readonly type: "cut" };

export interface HttpErrorStep {
  readonly type: "httpError";
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RawStep {
  readonly type: "raw";
  readonly text: string;
}

type AnyPart = ModelPart | FakePart;

/**
 * A response that completes. Items are sent in order; codex runs the calls among them, in parallel where it can, and
 * asks the model again with their outputs, so a turn ends with the first response that holds no call.
 *
 * @example
 * ```ts
 * import { message, reasoning, respond, usage } from "codexkit/testing";
 *
 * const step = respond(reasoning("Thinking."), message("42"), usage({ input: 10, output: 5 }));
 * ```
 */
export function respond<Parts extends readonly AnyPart[]>(...parts: Parts): ResponseStep<Parts[number]> {
  return { type: "response", parts, end: { type: "completed" } };
}

/** A response that ends with the event `response.failed`, after the given parts. */
export function failResponse<Parts extends readonly AnyPart[]>(
  code: string,
  text: string,
  ...parts: Parts
): ResponseStep<Parts[number]> {
  return { type: "response", parts, end: { type: "failed", code, message: text } };
}

/** A response that ends with the event `response.incomplete`, after the given parts. */
export function incomplete<Parts extends readonly AnyPart[]>(
  reason: string,
  ...parts: Parts
): ResponseStep<Parts[number]> {
  return { type: "response", parts, end: { type: "incomplete", reason } };
}

/** A response whose connection is destroyed once the given parts have been sent. */
export function cut<Parts extends readonly AnyPart[]>(...parts: Parts): ResponseStep<Parts[number]> {
  return { type: "response", parts, end: { type: "cut" } };
}

export interface FailOptions {
  /** Seconds, sent as `Retry-After`. Codex repeats a 429 only with it. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An HTTP error instead of a response. A body that is not a string is sent as JSON; the default is an error object as
 * the Responses API has it.
 */
export function fail(status: number, body?: JsonValue, options: FailOptions = {}): HttpErrorStep {
  const { retryAfter, headers = {} } = options;
  const content = body ?? { error: { type: "scripted_error", message: `scripted HTTP ${String(status)}` } };
  return {
    type: "httpError",
    status,
    body: typeof content === "string" ? content : JSON.stringify(content),
    headers: { ...headers, ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }) },
  };
}

/** A response with exactly this text as its event stream. To the fakes it is a stream that broke. */
export function raw(text: string): RawStep {
  return { type: "raw", text };
}

/** A part that spaces the events after it: so many milliseconds before each. */
export function slow(options: { readonly delayMs: number }): PacePart {
  return { type: "pace", delayMs: options.delayMs };
}
