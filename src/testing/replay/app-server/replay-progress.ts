import type { JsonObject, JsonValue } from "../../../internal/json.js";
import type { ClientStep, OutputStep, ServerStep } from "./recorded-steps.js";

/** The output of a replayed server. */
export interface ReplayPort {
  send(message: JsonObject): void;
  write(stream: "stdout" | "stderr", text: string): void;
}

/** The client's steps that were taken in one replayed process of a server, with the ids of their requests. */
export class ReplayProgress {
  readonly #ids = new Map<ClientStep, JsonValue>();
  readonly #dropped = new Set<ClientStep>();

  isTaken(step: ClientStep): boolean {
    return this.#ids.has(step) || this.#dropped.has(step);
  }

  /** Marks a step as taken. `id` is the client's id of the request. */
  take(step: ClientStep, id: JsonValue): void {
    this.#ids.set(step, id);
  }

  /** Marks a step as not needed: it is no longer awaited and gets no answer. */
  drop(step: ClientStep): void {
    this.#dropped.add(step);
  }

  /** Marks a step as not taken. */
  forget(step: ClientStep): void {
    this.#ids.delete(step);
  }

  /** Returns the recorded answer with the client's id, or undefined if the client has not sent the request. */
  answerTo(step: ClientStep, answer: JsonObject): JsonObject | undefined {
    const id = this.#ids.get(step);
    return id === undefined ? undefined : { ...answer, id };
  }

  deliver(step: ServerStep | OutputStep, port: ReplayPort): void {
    if (step.type === "output") return port.write(step.stream, step.text);
    const message = step.to === undefined ? step.message : this.answerTo(step.to, step.message);
    if (message !== undefined) port.send(message);
  }
}
