import type { JsonObject, JsonValue } from "../../../internal/json.js";
import type { Turn, TurnError, UserInput } from "../../../protocol/generated/types.js";
import { createUuid, type FakeThread, type RunningTurn } from "./fake-thread.js";
import type { FakePart } from "../../script/fake-parts.js";
import { settledOrAborted } from "../../script/hold.js";
import { ModelRequest } from "../../script/model-request.js";
import type { FakeStep, ModelPart, ResponseStep } from "../../script/model-step.js";
import { playCall } from "./play-call.js";
import { playMessage, playReasoning, playWebSearch } from "./play-item.js";
import { endFailure, endlessFailure, failure, httpFailure } from "./turn-failure.js";
import type { TurnPort } from "./turn-port.js";
import { TurnWriter, type FakeItem } from "./turn-writer.js";

export interface FakeTurnOptions {
  readonly thread: FakeThread;
  readonly port: TurnPort;
  readonly input: readonly UserInput[];
  readonly outputSchema?: JsonValue | undefined;
}

export type TurnOutcome = TurnError | "completed" | "interrupted";

/** One turn of a fake. Converts the script's steps to the notifications that codex would send, in codex's order. */
export class FakeTurn implements RunningTurn {
  readonly id = createUuid();
  readonly #thread: FakeThread;
  readonly #port: TurnPort;
  readonly #writer: TurnWriter;
  readonly #input: readonly UserInput[];
  readonly #outputSchema: JsonValue | undefined;
  readonly #interrupted = new AbortController();
  readonly #steered: (readonly UserInput[])[] = [];
  readonly #startedAtMs = Date.now();
  #stream = new AbortController();
  #lastMessage: FakeItem | undefined;
  #requestCount = 0;

  constructor(options: FakeTurnOptions) {
    this.#thread = options.thread;
    this.#port = options.port;
    this.#writer = new TurnWriter(options.thread, this.id, options.port);
    this.#input = options.input;
    this.#outputSchema = options.outputSchema;
  }

  /** Plays the turn to its end. The notifications before the first step are sent synchronously. */
  async play(): Promise<TurnOutcome> {
    const { id: threadId } = this.#thread;
    this.#thread.turn = this;
    this.#thread.lastTurnId = this.id;
    this.#writer.status({ type: "active", activeFlags: [] });
    this.#port.notify("turn/started", { threadId, turn: this.toTurn("inProgress") });
    this.#writer.addUserInput(this.#input);
    const outcome = await this.#converse();
    this.#thread.turn = undefined;
    this.#finish(outcome);
    return outcome;
  }

  /** Ends the turn with the status `interrupted`. A running command continues in the background. */
  interrupt(): void {
    this.#interrupted.abort();
    this.#stream.abort();
  }

  /** Cuts the running response. The next request to the model contains this input. */
  steer(input: readonly UserInput[]): void {
    this.#steered.push(input);
    this.#stream.abort();
  }

  toTurn(status: Turn["status"], error: TurnError | null = null): Turn {
    const isOver = status !== "inProgress";
    return {
      id: this.id,
      rootTurnId: this.id,
      items: status === "completed" && this.#lastMessage !== undefined ? [this.#lastMessage] : [],
      itemsView: status === "completed" ? "summary" : "notLoaded",
      status,
      error,
      startedAt: Math.floor(this.#startedAtMs / 1000),
      completedAt: isOver ? Math.floor(Date.now() / 1000) : null,
      durationMs: isOver ? Date.now() - this.#startedAtMs : null,
    };
  }

  /** Takes steps until a response contains no call and no input was added by `steer()`. */
  async #converse(): Promise<TurnOutcome> {
    for (;;) {
      this.#stream = new AbortController();
      const step = await this.#port.take(this.#nextRequest());
      if (this.#isInterrupted()) return "interrupted";
      if (step === undefined) return failure("no step is left in the script", "other");
      const calls: Promise<void>[] = [];
      const error = await this.#playStep(step, calls);
      await settledOrAborted(Promise.all(calls), this.#interrupted.signal);
      if (step.type !== "httpError") this.#writer.usage();
      if (this.#isInterrupted()) return "interrupted";
      const steered = this.#steered.splice(0);
      if (error !== undefined && steered.length === 0) return error;
      if (calls.length === 0 && steered.length === 0) return "completed";
      for (const input of steered) this.#writer.addUserInput(input);
    }
  }

  #isInterrupted(): boolean {
    return this.#interrupted.signal.aborted;
  }

  async #playStep(step: FakeStep, calls: Promise<void>[]): Promise<TurnError | undefined> {
    if (step.type === "httpError") return httpFailure(step);
    if (step.type === "raw") return endlessFailure();
    const { signal } = this.#stream;
    await this.#playParts(step, signal, calls);
    if (signal.aborted) return undefined;
    if (step.end.type !== "completed") return endFailure(step.end);
    for (const part of step.parts) if (part.type === "usage") this.#thread.count(part);
    return undefined;
  }

  async #playParts(
    { parts }: ResponseStep<ModelPart | FakePart>,
    signal: AbortSignal,
    calls: Promise<void>[],
  ): Promise<void> {
    let delayMs = 0;
    for (const part of parts) {
      if (signal.aborted) return;
      switch (part.type) {
        case "usage":
          break;
        case "hold":
          await part.wait(signal);
          break;
        case "pace":
          delayMs = part.delayMs;
          break;
        case "message":
          this.#lastMessage = (await playMessage(part, this.#writer, { signal, delayMs })) ?? this.#lastMessage;
          break;
        case "reasoning":
          await playReasoning(part, this.#writer, { signal, delayMs });
          break;
        case "webSearch":
          playWebSearch(part, this.#writer);
          break;
        case "functionCall":
        case "customToolCall": {
          const turn = { writer: this.#writer, signal: this.#interrupted.signal, interrupt: () => this.interrupt() };
          calls.push(playCall(part, turn));
          break;
        }
        default:
          await this.#playFakePart(part);
      }
    }
  }

  async #playFakePart(part: FakePart): Promise<void> {
    if (part.type !== "notify" && part.type !== "serverRequest") return await this.#port.perform(part);
    const params: JsonObject = typeof part.params === "function" ? part.params(this.#writer.ids) : part.params;
    if (part.type === "notify") return this.#port.notifyRaw(part.method, params);
    await settledOrAborted(this.#port.request(part.method, params).answer, this.#interrupted.signal);
  }

  #nextRequest(): ModelRequest {
    const text = this.#outputSchema === undefined ? {} : { text: { format: { schema: this.#outputSchema } } };
    const body = { model: this.#thread.settings.model, input: [...this.#thread.history], ...text };
    const headers = { "thread-id": this.#thread.id };
    return new ModelRequest(this.#requestCount++, body, { headers, key: "fake" });
  }

  #finish(outcome: TurnOutcome): void {
    const { id: threadId } = this.#thread;
    if (typeof outcome === "string") {
      this.#writer.status({ type: "idle" });
      return this.#port.notify("turn/completed", { threadId, turn: this.toTurn(outcome) });
    }
    if (outcome.codexErrorInfo === "contextWindowExceeded") {
      this.#thread.fillContext();
      this.#writer.usage();
    }
    this.#writer.status({ type: "systemError" });
    this.#port.notify("error", { error: outcome, willRetry: false, ...this.#writer.ids });
    this.#port.notify("turn/completed", { threadId, turn: this.toTurn("failed", outcome) });
  }
}
