import type { JsonObject, JsonValue } from "../../../internal/json.js";
import { readObjects } from "../../fakes/read-params.js";
import type { RecordedEntry, RecordedExit, RecordedProcess } from "../../record/recording.js";
import { readSteps, type ClientStep, type RecordedSteps } from "./recorded-steps.js";
import { ReplayProgress, type ReplayPort } from "./replay-progress.js";
import { describeDifferences, show, type RequestMatcher } from "../request-matcher.js";
import { respell } from "../spelling.js";
import { ThreadTrack } from "./thread-track.js";

export interface ClientRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/** A recorded life of an app-server on its way: what was said of it, and what is to come. */
export class Conversation {
  readonly recorded: RecordedProcess;
  readonly #steps: RecordedSteps;
  readonly #tracks: readonly ThreadTrack[];
  readonly #progress = new ReplayProgress();
  readonly #matcher: RequestMatcher;
  #broadcast = 0;

  constructor(recorded: RecordedProcess, matcher: RequestMatcher) {
    this.recorded = recorded;
    this.#matcher = matcher;
    this.#steps = readSteps(recorded);
    this.#tracks = [...this.#steps.threads].map(([id, steps]) => new ThreadTrack(id, steps, this.#progress));
  }

  /** Whether the client has said no more than its greeting. */
  get isFresh(): boolean {
    return !this.#clientSteps().some((step) => step.duty !== "greeting" && this.#progress.isSaid(step));
  }

  /** How the server ended by itself, once all that it did before has been played. */
  get death(): RecordedExit | undefined {
    const end = this.recorded.entries.find(isEnding);
    return end?.type === "exit" && this.#isOver() ? end : undefined;
  }

  /** The recorded step that a request is; undefined where it is none that can be made now. */
  find(request: ClientRequest): ClientStep | undefined {
    const call = this.#toRecorded(request);
    const isIt = (step: ClientStep): boolean => this.#isRequest(step, call);
    const found = this.#steps.asides.find(isIt) ?? this.#tracks.flatMap(({ awaited }) => awaited).find(isIt);
    return found ?? this.#findLater(isIt) ?? this.#findInSibling(request);
  }

  /** Takes a step of the client, and plays what it lets through. */
  say(step: ClientStep, id: JsonValue, port: ReplayPort): void {
    this.#progress.say(step, id);
    const answer = step.response === undefined ? undefined : this.#progress.answerTo(step, step.response);
    if (answer !== undefined) port.send(answer);
    this.#advance(port);
  }

  /** Takes an answer of the client; undefined where the server's request with this id is not in the recording. */
  takeAnswer({ id = null, ...content }: JsonObject, port: ReplayPort): { readonly problem: string | null } | undefined {
    const isIt = (step: ClientStep): boolean =>
      step.type === "answer" && step.id === id && !this.#progress.isSaid(step);
    const step = this.#clientSteps().find(isIt);
    if (step === undefined) return undefined;
    const differences = this.#matcher.differences(step.method, step.content, content);
    this.say(step, id, port);
    return {
      problem: differences.length === 0 ? null : `answer to ${step.method}: ${describeDifferences(differences)}`,
    };
  }

  /** Plays a greeting that another conversation has answered. */
  greetSilently(): void {
    const nowhere: ReplayPort = { send: () => undefined, write: () => undefined };
    for (const step of this.#steps.asides) if (step.duty === "greeting") this.#progress.say(step, step.id);
    this.#advance(nowhere);
  }

  /** Why a request is none that can be made now: what of the recording is nearest to it. */
  explain(request: ClientRequest): string {
    const call = this.#toRecorded(request);
    const isLike = (step: ClientStep): boolean => step.type === "request" && step.method === call.method;
    const awaited = this.#awaited();
    const left = this.#clientSteps().filter((step) => isLike(step) && !this.#progress.isSaid(step));
    const [nearest] = left
      .map((step) => ({ step, differences: this.#matcher.differences(step.method, step.content, call.params) }))
      .sort((a, b) => a.differences.length - b.differences.length || a.step.index - b.step.index);
    const next = awaited.length === 0 ? "" : `; it awaits ${awaited.map(describeStep).join(", ")}`;
    if (nearest === undefined) {
      const more = this.#clientSteps().some(isLike) ? "no further" : "no";
      return `the recording has ${more} ${call.method}${next}`;
    }
    if (nearest.differences.length === 0) return `in the recording it comes later${next}`;
    return `it is not as recorded at ${describeDifferences(nearest.differences)}`;
  }

  /** What the client had to say and did not. */
  unused(): string[] {
    const left = this.#clientSteps().filter((step) => step.duty === "required" && !this.#progress.isSaid(step));
    return left.map(describeStep);
  }

  #clientSteps(): ClientStep[] {
    const steps = [...this.#steps.asides, ...this.#tracks.flatMap(({ clientSteps }) => clientSteps)];
    return steps.sort((a, b) => a.index - b.index);
  }

  #awaited(): ClientStep[] {
    const asides = this.#steps.asides.filter((step) => step.duty === "required" && !this.#progress.isSaid(step));
    return [...asides, ...this.#tracks.flatMap((track) => track.awaited)].sort((a, b) => a.index - b.index);
  }

  #isOver(): boolean {
    const isWaiting = this.#steps.asides.some((step) => isGate(step) && !this.#progress.isSaid(step));
    return (
      !isWaiting && this.#tracks.every(({ isOver }) => isOver) && this.#broadcast === this.#steps.broadcasts.length
    );
  }

  #isRequest(step: ClientStep, { method, params }: ClientRequest): boolean {
    if (step.type !== "request" || step.method !== method || this.#progress.isSaid(step)) return false;
    return step.duty === "greeting" || this.#matcher.matches(method, step.content, params);
  }

  /** The same request with the threads named as in the recording. */
  #toRecorded({ method, params }: ClientRequest): ClientRequest {
    const renamed = this.#tracks.filter(({ clientId, recordedId }) => clientId !== recordedId);
    if (renamed.length === 0) return { method, params };
    const recordedIds = new Map(renamed.map(({ clientId, recordedId }) => [clientId, recordedId]));
    return { method, params: respell(params, (text) => recordedIds.get(text) ?? text) };
  }

  #findLater(isIt: (step: ClientStep) => boolean): ClientStep | undefined {
    for (const track of this.#tracks) {
      const step = track.awaitedLater.find(isIt);
      if (step === undefined) continue;
      track.skipFarewell();
      return step;
    }
    return undefined;
  }

  /**
   * Threads that began with equal requests may be used in another order than in the recording, so which of them the client
   * has got is only clear with what it says next: then they change places.
   */
  #findInSibling({ method, params }: ClientRequest): ClientStep | undefined {
    const track = this.#tracks.find(({ clientId }) => clientId === params["threadId"]);
    const opening = track?.opening;
    if (track === undefined || opening === undefined || !track.isFresh || !this.#progress.isSaid(opening))
      return undefined;
    const siblings = this.#tracks.filter(
      (other) => other !== track && other.isFresh && this.#beginsAlike(other, opening),
    );
    for (const sibling of siblings) {
      const asSibling = { ...params, threadId: sibling.recordedId };
      const next = sibling.clientSteps[1];
      if (next === undefined || !this.#isRequest(next, { method, params: asSibling })) continue;
      this.#changePlaces(track, sibling);
      return next;
    }
    return undefined;
  }

  #beginsAlike({ opening }: ThreadTrack, { method, content }: ClientStep): boolean {
    if (opening?.method !== method || method !== "thread/start") return false;
    return this.#matcher.matches(method, opening.content, content);
  }

  #changePlaces(one: ThreadTrack, other: ThreadTrack): void {
    [one.clientId, other.clientId] = [other.clientId, one.clientId];
    const [first, second] = [one.opening, other.opening];
    if (first === undefined || second === undefined) return;
    const wasOpened = this.#progress.isSaid(second);
    this.#progress.say(second, null);
    if (!wasOpened) this.#progress.forget(first);
    one.setOpened(wasOpened);
    other.setOpened(true);
  }

  #advance(port: ReplayPort): void {
    for (const track of this.#tracks) track.advance(port);
    const waited = this.#clientSteps().find((step) => isGate(step) && !this.#progress.isSaid(step))?.index ?? Infinity;
    const { broadcasts } = this.#steps;
    for (
      let step = broadcasts[this.#broadcast];
      step !== undefined && step.index < waited;
      step = broadcasts[this.#broadcast]
    ) {
      this.#broadcast += 1;
      this.#progress.deliver(step, port);
    }
  }
}

/** A step of the client for a message: what it is, and what it says. */
function describeStep({ type, method, content }: ClientStep): string {
  if (type === "answer") return `the answer to ${method}`;
  const [input] = readObjects(content["input"]);
  const first = input?.["text"];
  return first === undefined ? method : `${method} ${show(first)}`;
}

/** Whether what the server says of no thread waits for it. */
function isGate(step: ClientStep): boolean {
  return step.duty === "required" || step.method === "initialize";
}

/** Its exit, or what made it exit. */
function isEnding(entry: RecordedEntry): boolean {
  return entry.type === "exit" || entry.type === "signal" || (entry.type === "end" && entry.stream === "stdin");
}
