import { asObjects, type JsonObject, type JsonValue } from "../../../internal/json.js";
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

/** The replay of one recorded process of an app-server: its steps, and how far they have been played. */
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

  /** True if the client has sent nothing except its handshake. */
  get isFresh(): boolean {
    return !this.#clientSteps().some((step) => step.duty !== "handshake" && this.#progress.isTaken(step));
  }

  /** The recorded exit, if the server ended on its own and everything before the exit has been played. */
  get exit(): RecordedExit | undefined {
    const end = this.recorded.entries.find(isEnding);
    return end?.type === "exit" && this.#isOver() ? end : undefined;
  }

  /** Returns the recorded step that matches a request, or undefined if no step that may be taken now matches. */
  find(request: ClientRequest): ClientStep | undefined {
    const call = this.#toRecorded(request);
    const isIt = (step: ClientStep): boolean => this.#isRequest(step, call);
    const found = this.#steps.asides.find(isIt) ?? this.#tracks.flatMap(({ awaited }) => awaited).find(isIt);
    return found ?? this.#findLater(isIt) ?? this.#findInSibling(request);
  }

  /** Takes a step of the client and plays the output that waited for it. */
  play(step: ClientStep, id: JsonValue, port: ReplayPort): void {
    this.#progress.take(step, id);
    const answer = step.response === undefined ? undefined : this.#progress.answerTo(step, step.response);
    if (answer !== undefined) port.send(answer);
    this.#advance(port);
  }

  /**
   * Takes an answer of the client. `problem` describes how it differs from the recorded one. Returns undefined if the
   * recording has no open request of the server with this id.
   */
  takeAnswer({ id = null, ...content }: JsonObject, port: ReplayPort): { readonly problem: string | null } | undefined {
    const isIt = (step: ClientStep): boolean =>
      step.type === "answer" && step.id === id && !this.#progress.isTaken(step);
    const step = this.#clientSteps().find(isIt);
    if (step === undefined) return undefined;
    const differences = this.#matcher.differences(step.method, step.content, content);
    this.play(step, id, port);
    return {
      problem: differences.length === 0 ? null : `answer to ${step.method}: ${describeDifferences(differences)}`,
    };
  }

  /** Plays the handshake without output, because another conversation has answered it. */
  skipHandshake(): void {
    const nowhere: ReplayPort = { send: () => undefined, write: () => undefined };
    for (const step of this.#steps.asides) if (step.duty === "handshake") this.#progress.take(step, step.id);
    this.#advance(nowhere);
  }

  /** Explains why no step matches a request, by the most similar recorded request. */
  explain(request: ClientRequest): string {
    const call = this.#toRecorded(request);
    const isLike = (step: ClientStep): boolean => step.type === "request" && step.method === call.method;
    const awaited = this.#awaited();
    const left = this.#clientSteps().filter((step) => isLike(step) && !this.#progress.isTaken(step));
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

  /** Describes the required requests that the client has not sent. */
  unused(): string[] {
    const left = this.#clientSteps().filter((step) => step.duty === "required" && !this.#progress.isTaken(step));
    return left.map(describeStep);
  }

  #clientSteps(): ClientStep[] {
    const steps = [...this.#steps.asides, ...this.#tracks.flatMap(({ clientSteps }) => clientSteps)];
    return steps.sort((a, b) => a.index - b.index);
  }

  #awaited(): ClientStep[] {
    const asides = this.#steps.asides.filter((step) => step.duty === "required" && !this.#progress.isTaken(step));
    return [...asides, ...this.#tracks.flatMap((track) => track.awaited)].sort((a, b) => a.index - b.index);
  }

  #isOver(): boolean {
    const isWaiting = this.#steps.asides.some((step) => isGate(step) && !this.#progress.isTaken(step));
    return (
      !isWaiting && this.#tracks.every(({ isOver }) => isOver) && this.#broadcast === this.#steps.broadcasts.length
    );
  }

  #isRequest(step: ClientStep, { method, params }: ClientRequest): boolean {
    if (step.type !== "request" || step.method !== method || this.#progress.isTaken(step)) return false;
    return step.duty === "handshake" || this.#matcher.matches(method, step.content, params);
  }

  /** Returns the request with the recorded ids of the threads. */
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
      track.skipUnsubscribe();
      return step;
    }
    return undefined;
  }

  /**
   * Finds the request in a thread with an equal opening. A client may use such threads in another order than recorded, so
   * only the request after the opening shows which recorded thread is meant. Then the two threads are swapped.
   */
  #findInSibling({ method, params }: ClientRequest): ClientStep | undefined {
    const track = this.#tracks.find(({ clientId }) => clientId === params["threadId"]);
    const opening = track?.opening;
    if (track === undefined || opening === undefined || !track.isFresh || !this.#progress.isTaken(opening))
      return undefined;
    const siblings = this.#tracks.filter(
      (other) => other !== track && other.isFresh && this.#beginsAlike(other, opening),
    );
    for (const sibling of siblings) {
      const asSibling = { ...params, threadId: sibling.recordedId };
      const next = sibling.clientSteps[1];
      if (next === undefined || !this.#isRequest(next, { method, params: asSibling })) continue;
      this.#swap(track, sibling);
      return next;
    }
    return undefined;
  }

  #beginsAlike({ opening }: ThreadTrack, { method, content }: ClientStep): boolean {
    if (opening?.method !== method || method !== "thread/start") return false;
    return this.#matcher.matches(method, opening.content, content);
  }

  #swap(one: ThreadTrack, other: ThreadTrack): void {
    [one.clientId, other.clientId] = [other.clientId, one.clientId];
    const [first, second] = [one.opening, other.opening];
    if (first === undefined || second === undefined) return;
    const wasOpened = this.#progress.isTaken(second);
    this.#progress.take(second, null);
    if (!wasOpened) this.#progress.forget(first);
    one.setOpened(wasOpened);
    other.setOpened(true);
  }

  #advance(port: ReplayPort): void {
    for (const track of this.#tracks) track.advance(port);
    const waited = this.#clientSteps().find((step) => isGate(step) && !this.#progress.isTaken(step))?.index ?? Infinity;
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

/** Describes a step of the client: its method, and the beginning of its input. */
function describeStep({ type, method, content }: ClientStep): string {
  if (type === "answer") return `the answer to ${method}`;
  const [input] = asObjects(content["input"]);
  const first = input?.["text"];
  return first === undefined ? method : `${method} ${show(first)}`;
}

/** True if the server's messages without a thread wait for this step. */
function isGate(step: ClientStep): boolean {
  return step.duty === "required" || step.method === "initialize";
}

/** True for the server's exit and for an event that made it exit. */
function isEnding(entry: RecordedEntry): boolean {
  return entry.type === "exit" || entry.type === "signal" || (entry.type === "end" && entry.stream === "stdin");
}
