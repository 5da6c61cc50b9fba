import { asObject, asText, isJsonObject, type JsonObject, type JsonValue } from "../../../internal/json.js";
import { isLineOf, lineText, lineValue, type RecordedEntry, type RecordedProcess } from "../../record/recording.js";
import { dutyOf, type Duty } from "./request-duty.js";
import { createThreadFinder, type Recorded } from "./thread-finder.js";

/** A request or answer of the client. */
export interface ClientStep {
  readonly type: "request" | "answer";
  /** Its place in the recording. */
  readonly index: number;
  /** The method of the request; for an answer, of the server's request. */
  readonly method: string;
  /** The params of a request, or an answer without its id. */
  readonly content: JsonObject;
  readonly id: JsonValue;
  readonly duty: Duty;
  /** The server's answer, if it is independent of the order of a thread. */
  readonly response: JsonObject | undefined;
}

/** A message of the server. `to` is the request that it answers. */
export interface ServerStep {
  readonly type: "message";
  readonly index: number;
  readonly message: JsonObject;
  readonly to: ClientStep | undefined;
}

/** Output of the server that is not a message. */
export interface OutputStep {
  readonly type: "output";
  readonly index: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

export type Step = ClientStep | ServerStep | OutputStep;

/** The steps of a recorded process of an app-server, divided into independent parts. */
export interface RecordedSteps {
  /** The steps of each thread, in order. A sub-agent's messages belong to the thread that started it. */
  readonly threads: ReadonlyMap<string, readonly Step[]>;
  /** Requests of the client that are independent of the threads' order. They are answered immediately. */
  readonly asides: readonly ClientStep[];
  /** Messages and output of the server that belong to no thread. */
  readonly broadcasts: readonly (ServerStep | OutputStep)[];
}

export function readSteps({ entries }: RecordedProcess): RecordedSteps {
  const recorded = entries.flatMap((entry, index) => readEntry(entry, index));
  const byId = (isOne: (one: Recorded) => boolean): Map<string, Recorded> =>
    new Map(recorded.filter(isOne).map((one) => [JSON.stringify(one.message?.["id"]), one]));
  const responses = byId((one) => one.from === "server" && isResponse(one.message));
  const questions = byId((one) => one.from === "server" && isRequest(one.message));
  const requests = new Map<string, ClientStep>();
  const threadOf = createThreadFinder(recorded, (id) => responses.get(JSON.stringify(id))?.message);

  const threads = new Map<string, Step[]>();
  const asides: ClientStep[] = [];
  const broadcasts: (ServerStep | OutputStep)[] = [];
  let lastThread: string | null = null;
  for (const one of recorded) {
    const { index, message } = one;
    if (message === undefined) add({ type: "output", index, stream: one.stream, text: one.text }, lastThread);
    else if (one.from === "client") readClient(one, message);
    else if (!isResponse(message)) add({ type: "message", index, message, to: undefined }, threadOf(one));
    else {
      const to = requests.get(JSON.stringify(message["id"]));
      if (to !== undefined && to.response === undefined) add({ type: "message", index, message, to }, threadOf(one));
    }
  }
  return { threads, asides, broadcasts };

  function readClient(one: Recorded, message: JsonObject): void {
    const key = JSON.stringify(message["id"]);
    const question = questions.get(key);
    const thread = threadOf(one);
    if (isRequest(message)) {
      const method = asText(message["method"]) ?? "";
      const [duty, content, id] = [dutyOf(method), asObject(message["params"]), message["id"] ?? null];
      const isAside = thread === null || duty === "housekeeping";
      const response = isAside ? responses.get(key)?.message : undefined;
      const step: ClientStep = { type: "request", index: one.index, method, content, id, duty, response };
      requests.set(key, step);
      if (isAside) asides.push(step);
      else add(step, thread);
    } else if (isResponse(message) && question !== undefined) {
      const { id = null, ...content } = message;
      const method = asText(question.message?.["method"]) ?? "";
      const common = { type: "answer", index: one.index, method, content, id, duty: "required" } as const;
      const step: ClientStep = { ...common, response: undefined };
      if (thread === null) asides.push(step);
      else add(step, thread);
    }
  }

  function add(step: Step, thread: string | null): void {
    lastThread = thread;
    if (thread !== null) {
      const steps = threads.get(thread) ?? [];
      steps.push(step);
      threads.set(thread, steps);
    } else if (step.type === "message" || step.type === "output") broadcasts.push(step);
  }
}

function readEntry(entry: RecordedEntry, index: number): Recorded[] {
  if (!isLineOf(entry)) return [];
  const text = entry.tail === undefined ? `${lineText(entry)}\n` : lineText(entry);
  if (entry.type === "stderr") return [{ index, from: "server", stream: "stderr", text, message: undefined }];
  const value = lineValue(entry);
  const message = isJsonObject(value) ? value : undefined;
  if (entry.type === "stdout") return [{ index, from: "server", stream: "stdout", text, message }];
  return message === undefined ? [] : [{ index, from: "client", stream: "stdout", text, message }];
}

function isRequest(message: JsonObject | undefined): boolean {
  return message?.["id"] !== undefined && message["method"] !== undefined;
}

function isResponse(message: JsonObject | undefined): boolean {
  return message?.["id"] !== undefined && message["method"] === undefined;
}
