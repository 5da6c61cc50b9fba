import type { ModelRequest } from "./model-request.js";
import type { ModelStep } from "./model-step.js";

/** One entry of a script: a step, a function that makes one, a repeated step, or steps for certain requests. */
export type ScriptEntry<Step = ModelStep> = QueuedStep<Step> | MatchedSteps<QueuedStep<Step>>;

export type QueuedStep<Step = ModelStep> = Step | StepFunction<Step> | RepeatedStep<Step>;

/** Makes a step when its request has come in. */
export type StepFunction<Step = ModelStep> = (request: ModelRequest) => Step | Promise<Step>;

/** A step that serves every further request. */
export interface RepeatedStep<Step = ModelStep> {
  readonly type: "repeat";
  readonly step: Step | StepFunction<Step>;
}

/** Steps of their own for the requests that match. */
export interface MatchedSteps<Queued> {
  readonly type: "when";
  readonly matcher: RequestMatcher;
  readonly steps: readonly Queued[];
}

/** A text that one of the user's messages contains, a pattern that one of them fits, or a function. */
export type RequestMatcher = string | RegExp | ((request: ModelRequest) => boolean);

/**
 * Serves every further request with this step, or with what the function makes of it. It counts as unused until it
 * has served one.
 */
export function repeat<Step extends { readonly type: string }>(step: Step | StepFunction<Step>): RepeatedStep<Step> {
  return { type: "repeat", step };
}

/**
 * Steps of their own for the requests that match, so that threads which run at the same time can be scripted. Among
 * several that match, the first one with a step left is used; a request that none matches takes from the main list.
 *
 * @example
 * ```ts
 * import { createScriptedModel, message, respond, when } from "codexkit/testing";
 *
 * await using model = await createScriptedModel([
 *   when("count the apples", respond(message("3 apples"))),
 *   when("count the pears", respond(message("5 pears"))),
 * ]);
 * ```
 */
export function when<Steps extends readonly QueuedStep<{ readonly type: string }>[]>(
  matcher: RequestMatcher,
  ...steps: Steps
): MatchedSteps<Steps[number]> {
  return { type: "when", matcher, steps };
}
