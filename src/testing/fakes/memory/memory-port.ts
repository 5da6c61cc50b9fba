import type { BatchQueue } from "../../../internal/batch-queue.js";
import { createDeferred } from "../../../internal/deferred.js";
import { asObject, asText, toJson, type JsonObject } from "../../../internal/json.js";
import { decodeNotification, type ServerEvent, type ThreadEvent } from "../../../protocol/index.js";
import type { TurnMessage } from "../../../transport/transport.js";
import type { ProcessPart } from "../../script/fake-parts.js";
import type { TurnPort } from "../turn/turn-port.js";

/** The script's side of a memory port: the ids and the steps. */
export type StepSource = Pick<TurnPort, "nextId" | "take">;

/** Puts the messages of a fake turn into the queue of its connection. */
export class MemoryPort implements TurnPort {
  readonly nextId: TurnPort["nextId"];
  readonly take: TurnPort["take"];
  readonly #queue: BatchQueue<TurnMessage>;
  readonly #keepRaw: boolean;
  #nextRequestId = 0;

  constructor(queue: BatchQueue<TurnMessage>, { nextId, take }: StepSource, keepRaw: boolean) {
    this.#queue = queue;
    this.nextId = nextId;
    this.take = take;
    this.#keepRaw = keepRaw;
  }

  notify(method: string, params: object): void {
    this.notifyRaw(method, asObject(toJson(params)));
  }

  notifyRaw(method: string, params: JsonObject): void {
    const message = { method, params, emittedAtMs: Date.now() };
    const event = decodeNotification(message, this.#keepRaw ? JSON.stringify(message) : undefined);
    if (isThreadEvent(event)) this.#queue.push({ kind: "event", event });
  }

  request(method: string, params: JsonObject): { readonly id: number; readonly answer: Promise<JsonObject> } {
    const id = this.#nextRequestId++;
    const answer = createDeferred<JsonObject>();
    this.#queue.push({
      kind: "request",
      request: { id, method, params, threadId: asText(params["threadId"]) },
      respond: (response) => answer.resolve(asObject(toJson({ id, ...response, kind: undefined }))),
    });
    return { id, answer: answer.promise };
  }

  perform(part: ProcessPart): Promise<void> {
    const text = `The memory transport has no process, so the part "${part.type}" is not possible. Use createFakeExec() or createFakeAppServer().`;
    return Promise.reject(new Error(text));
  }
}

function isThreadEvent(event: ServerEvent): event is ThreadEvent {
  return event.threadId !== null;
}
