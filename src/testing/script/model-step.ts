import type { JsonValue } from "../../internal/json.js";
import type { FakePart } from "./fake-parts.js";
import type { Hold } from "./hold.js";
import type { ModelItem } from "./model-items.js";

/** The answer to one request to the model. Created by {@link respond} and the functions below. */
export type ModelStep<Part = ModelPart> = ResponseStep<Part> | HttpErrorStep | RawStep;

/** A step for the fakes: a response with parts of either kind. */
export type FakeStep = ModelStep<ModelPart | FakePart>;

/** A part of the model's response. Parts are sent in order. */
export type ModelPart = ModelItem | Hold | UsagePart | PacePart;

/** Sets the token usage that the response reports. Created by {@link usage}. */
export interface UsagePart {
  readonly type: "usage";
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** Sets the time between the events that follow. Created by {@link slow}. */
export interface PacePart {
  readonly type: "pace";
  readonly delayMs: number;
}

/** A streamed response with its parts. */
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

/** An HTTP error in place of a response. Created by {@link fail}. */
export interface HttpErrorStep {
  readonly type: "httpError";
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A response with an arbitrary text as its event stream. Created by {@link raw}. */
export interface RawStep {
  readonly type: "raw";
  readonly text: string;
}

type AnyPart = ModelPart | FakePart;

/**
 * Creates a response that completes. Codex runs the calls among the parts, in parallel if it can, and sends their
 * outputs in its next request. A turn therefore ends with the first response without a call.
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

/** Creates a response that ends with the event `response.failed` after the parts. `text` is the error's message. */
export function failResponse<Parts extends readonly AnyPart[]>(
  code: string,
  text: string,
  ...parts: Parts
): ResponseStep<Parts[number]> {
  return { type: "response", parts, end: { type: "failed", code, message: text } };
}

/** Creates a response that ends with the event `response.incomplete` after the parts. */
export function incomplete<Parts extends readonly AnyPart[]>(
  reason: string,
  ...parts: Parts
): ResponseStep<Parts[number]> {
  return { type: "response", parts, end: { type: "incomplete", reason } };
}

/** Creates a response whose connection is destroyed after the parts have been sent. */
export function cut<Parts extends readonly AnyPart[]>(...parts: Parts): ResponseStep<Parts[number]> {
  return { type: "response", parts, end: { type: "cut" } };
}

/** Options of {@link fail}. */
export interface FailOptions {
  /** Seconds, sent as `Retry-After`. Codex retries a 429 only if this header is set. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Creates an HTTP error in place of a response. A body that is not a string is sent as JSON. Default body: an error
 * object of the Responses API.
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

/** Creates a response with exactly this text as its event stream. The fakes treat it as a broken stream. */
export function raw(text: string): RawStep {
  return { type: "raw", text };
}

/** Sets a delay in milliseconds before each of the events that follow. */
export function slow(options: { readonly delayMs: number }): PacePart {
  return { type: "pace", delayMs: options.delayMs };
}

/** The numbers of tokens of one model response. Each defaults to 0. */
export interface ScriptedUsage {
  /** All input tokens, including cached ones. */
  readonly input?: number;
  readonly cached?: number;
  /** All output tokens, including those of the reasoning. */
  readonly output?: number;
  readonly reasoning?: number;
}

/**
 * Sets the token usage of one response. Codex adds up the responses of a turn, and its totals cover the whole thread.
 *
 * @example
 * ```ts
 * import { message, respond, usage } from "codexkit/testing";
 *
 * const step = respond(message("Done."), usage({ input: 120, cached: 20, output: 8, reasoning: 2 }));
 * ```
 */
export function usage(tokens: ScriptedUsage): UsagePart {
  const { input = 0, cached = 0, output = 0, reasoning = 0 } = tokens;
  return { type: "usage", input, cached, output, reasoning };
}
