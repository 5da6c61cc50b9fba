import type { ModelRequest } from "./model-request.js";
import type { ModelStep } from "./model-step.js";

/** One entry of a script: a step, a function that returns one, a repeated step, or steps for certain requests. */
export type ScriptEntry<Step = ModelStep> = QueuedStep<Step> | MatchedSteps<QueuedStep<Step>>;

/** A step, a function that returns one, or a repeated step. */
export type QueuedStep<Step = ModelStep> = Step | StepFunction<Step> | RepeatedStep<Step>;

/** Returns the step for a request. It is called when the request arrives. */
export type StepFunction<Step = ModelStep> = (request: ModelRequest) => Step | Promise<Step>;

/** A step for all further requests. Created by {@link repeat}. */
export interface RepeatedStep<Step = ModelStep> {
  readonly type: "repeat";
  readonly step: Step | StepFunction<Step>;
}

/** Steps for the requests that match. Created by {@link when}. */
export interface MatchedSteps<Queued> {
  readonly type: "when";
  readonly matcher: RequestMatcher;
  readonly steps: readonly Queued[];
}

/**
 * Selects requests to the model. A string matches if a user message contains it, a pattern if a user message matches it,
 * a function if it returns true.
 */
export type RequestMatcher = string | RegExp | ((request: ModelRequest) => boolean);

/**
 * Answers every further request with this step, or with the step that the function returns. The entry counts as unused
 * until it has answered one request.
 */
export function repeat<Step extends { readonly type: string }>(step: Step | StepFunction<Step>): RepeatedStep<Step> {
  return { type: "repeat", step };
}

/**
 * Reserves steps for the requests that match, so that each of several concurrent threads can have its own script. If
 * several entries match a request, the first one with a step left is used. A request that matches none of them takes
 * the next step of the main list.
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
