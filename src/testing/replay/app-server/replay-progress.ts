import type { JsonObject, JsonValue } from "../../../internal/json.js";
import type { ClientStep, OutputStep, ServerStep } from "./recorded-steps.js";

/** Where a replayed server's words go. */
export interface ReplayPort {
  send(message: JsonObject): void;
  write(stream: "stdout" | "stderr", text: string): void;
}

/** Which of the client's steps have been said in one replayed life of a server, and by which ids. */
export class ReplayProgress {
  readonly #ids = new Map<ClientStep, JsonValue>();
  readonly #dropped = new Set<ClientStep>();

  isSaid(step: ClientStep): boolean {
    return this.#ids.has(step) || this.#dropped.has(step);
  }

  /** The client has said it, under an id of its own. */
  say(step: ClientStep, id: JsonValue): void {
    this.#ids.set(step, id);
  }

  /** It is not waited for any more, nor answered. */
  drop(step: ClientStep): void {
    this.#dropped.add(step);
  }

  /** Takes it back, as if nothing had been said. */
  forget(step: ClientStep): void {
    this.#ids.delete(step);
  }

  /** The recorded answer under the id of this request; undefined where the request was not made. */
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
