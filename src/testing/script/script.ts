import { checkSteps, problemOfStep } from "./check-steps.js";
import { describeMatcher, describeRequest, describeStep } from "./describe.js";
import type { MismatchLog } from "./mismatch-log.js";
import type { ModelRequest } from "./model-request.js";
import type { MatchedSteps, QueuedStep, RepeatedStep, RequestMatcher, ScriptEntry } from "./script-entry.js";
import { isError } from "../../internal/is-error.js";

interface TypedStep {
  readonly type: string;
}

interface Queue<Step> {
  readonly matcher: RequestMatcher | undefined;
  readonly steps: QueuedStep<Step>[];
}

/** The steps of a double, in order. */
export class Script<Step extends TypedStep> {
  readonly log: MismatchLog;
  readonly #main: Queue<Step> = { matcher: undefined, steps: [] };
  readonly #matched: Queue<Step>[] = [];
  readonly #served = new Set<QueuedStep<Step>>();

  /** Throws an `OptionError` for an entry that is not a step, as {@link Script.add} does. */
  constructor(entries: readonly ScriptEntry<Step>[], log: MismatchLog) {
    this.log = log;
    this.add(entries);
  }

  add(entries: readonly ScriptEntry<Step>[]): void {
    checkSteps(entries);
    for (const entry of entries) {
      if (isMatched(entry)) this.#matched.push({ matcher: entry.matcher, steps: [...entry.steps] });
      else this.#main.steps.push(entry);
    }
  }

  /**
   * Resolves with the next step for a request. Resolves with undefined, and logs the reason, if no step is left or if a
   * step function throws or returns no step.
   */
  async take(request: ModelRequest): Promise<Step | undefined> {
    const matching = this.#matched.filter((queue) => matches(queue.matcher, request));
    const queue = matching.length === 0 ? this.#main : matching.find(({ steps }) => steps.length > 0);
    const entry = queue?.steps[0];
    if (entry === undefined) {
      this.log.noteUnexpected(describeRequest(request));
      return undefined;
    }
    this.#served.add(entry);
    if (!isRepeated(entry)) queue?.steps.shift();
    const step = isRepeated(entry) ? entry.step : entry;
    if (typeof step !== "function") return step;
    try {
      const made = await step(request);
      const problem = problemOfStep(made);
      if (problem === null) return made;
      this.log.noteViolation(`a step function returned ${problem}`);
    } catch (error) {
      this.log.noteViolation(`a step function threw: ${isError(error) ? error.message : String(error)}`);
    }
    return undefined;
  }

  /** Returns the next step of the main list without taking it. Returns undefined for a function or a repeated step. */
  peek(): Step | undefined {
    const [next] = this.#main.steps;
    return next === undefined || typeof next === "function" || isRepeated(next) ? undefined : next;
  }

  /** Throws a `ScriptError` if the double was used differently from the script. Throws at most once. */
  check(moreUnused: readonly string[] = []): void {
    this.log.check([...this.#unused(), ...moreUnused]);
  }

  #unused(): string[] {
    return [this.#main, ...this.#matched].flatMap(({ matcher, steps }) =>
      steps
        .filter((step) => !(isRepeated(step) && this.#served.has(step)))
        .map((step) => (matcher === undefined ? "" : `when ${describeMatcher(matcher)}: `) + describeStep(step)),
    );
  }
}

function matches(matcher: RequestMatcher | undefined, request: ModelRequest): boolean {
  if (matcher === undefined) return true;
  if (typeof matcher === "function") return matcher(request);
  if (typeof matcher === "string") return request.userTexts.some((text) => text.includes(matcher));
  return request.userTexts.some((text) => text.search(matcher) !== -1);
}

function isMatched<Step extends TypedStep>(entry: ScriptEntry<Step>): entry is MatchedSteps<QueuedStep<Step>> {
  return typeof entry === "object" && entry.type === "when";
}

function isRepeated<Step extends TypedStep>(entry: QueuedStep<Step>): entry is RepeatedStep<Step> {
  return typeof entry === "object" && entry.type === "repeat";
}
