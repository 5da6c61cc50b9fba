import { describeStep } from "./describe-step.js";
import type { ModelRequest } from "./model-request.js";
import { ScriptError, type ScriptMismatch } from "./script-error.js";
import type { MatchedSteps, QueuedStep, RepeatedStep, RequestMatcher, ScriptEntry } from "./script-entry.js";

interface TypedStep {
  readonly type: string;
}

interface Queue<Step> {
  readonly matcher: RequestMatcher | undefined;
  readonly steps: QueuedStep<Step>[];
}

/** The steps of a double in order, and the account of what went otherwise. */
export class Script<Step extends TypedStep> {
  readonly #subject: string;
  readonly #main: Queue<Step> = { matcher: undefined, steps: [] };
  readonly #matched: Queue<Step>[] = [];
  readonly #served = new Set<QueuedStep<Step>>();
  readonly #unexpected: string[] = [];
  readonly #violations: string[] = [];
  #reported = false;

  constructor(subject: string, entries: readonly ScriptEntry<Step>[]) {
    this.#subject = subject;
    this.add(entries);
  }

  add(entries: readonly ScriptEntry<Step>[]): void {
    for (const entry of entries) {
      if (isMatched(entry)) this.#matched.push({ matcher: entry.matcher, steps: [...entry.steps] });
      else this.#main.steps.push(entry);
    }
  }

  /** The step for a request, or undefined where none is left; then the request is noted as unexpected. */
  async take(request: ModelRequest): Promise<Step | undefined> {
    const matching = this.#matched.filter((queue) => matches(queue.matcher, request));
    const queue = matching.length === 0 ? this.#main : matching.find(({ steps }) => steps.length > 0);
    const entry = queue?.steps[0];
    if (entry === undefined) {
      this.noteUnexpected(describeRequest(request));
      return undefined;
    }
    this.#served.add(entry);
    if (!isRepeated(entry)) queue?.steps.shift();
    const step = isRepeated(entry) ? entry.step : entry;
    if (typeof step !== "function") return step;
    try {
      return await step(request);
    } catch (error) {
      this.noteViolation(`a step function threw: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** The next step of the main list where it is a plain one, without taking it. */
  peek(): Step | undefined {
    const [next] = this.#main.steps;
    return next === undefined || typeof next === "function" || isRepeated(next) ? undefined : next;
  }

  noteUnexpected(text: string): void {
    this.#unexpected.push(text);
  }

  noteViolation(text: string): void {
    this.#violations.push(text);
  }

  /** Throws the account once; after that, and where all went as written, it does nothing. */
  check(moreUnused: readonly string[] = []): void {
    const unused = [...this.#unused(), ...moreUnused];
    const mismatch: ScriptMismatch = { unexpected: [...this.#unexpected], unused, violations: [...this.#violations] };
    const count = mismatch.unexpected.length + mismatch.unused.length + mismatch.violations.length;
    if (count === 0 || this.#reported) return;
    this.#reported = true;
    throw new ScriptError(this.#subject, mismatch);
  }

  #unused(): string[] {
    return [this.#main, ...this.#matched].flatMap(({ matcher, steps }) =>
      steps
        .filter((step) => !(isRepeated(step) && this.#served.has(step)))
        .map((step) => (matcher === undefined ? "" : `when ${describeMatcher(matcher)}: `) + describeStep(step)),
    );
  }
}

/** A request in one line for a message. */
export function describeRequest(request: ModelRequest): string {
  const output = request.input.at(-1)?.["type"] === "message" ? undefined : request.outputs.at(-1);
  const last = output === undefined ? `the user's ${quote(request.userText)}` : `the output ${quote(output.text)}`;
  return `model request ${String(request.index + 1)}, which ends with ${last}`;
}

function quote(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, " ").trim();
  return JSON.stringify(oneLine.length > 80 ? `${oneLine.slice(0, 80)}…` : oneLine);
}

function matches(matcher: RequestMatcher | undefined, request: ModelRequest): boolean {
  if (matcher === undefined) return true;
  if (typeof matcher === "function") return matcher(request);
  if (typeof matcher === "string") return request.userTexts.some((text) => text.includes(matcher));
  return request.userTexts.some((text) => text.search(matcher) !== -1);
}

function describeMatcher(matcher: RequestMatcher): string {
  if (typeof matcher === "function") return matcher.name === "" ? "a function" : matcher.name;
  return typeof matcher === "string" ? JSON.stringify(matcher) : String(matcher);
}

function isMatched<Step extends TypedStep>(entry: ScriptEntry<Step>): entry is MatchedSteps<QueuedStep<Step>> {
  return typeof entry === "object" && entry.type === "when";
}

function isRepeated<Step extends TypedStep>(entry: QueuedStep<Step>): entry is RepeatedStep<Step> {
  return typeof entry === "object" && entry.type === "repeat";
}
