import { asObject, isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../../internal/json.js";
import { createLineSplitter } from "../../../internal/line-splitter.js";
import type { RelayProcess } from "../../relay/relay-process.js";
import type { AppServerPool } from "./app-server-pool.js";
import type { ClientRequest, Conversation } from "./conversation.js";
import { dutyOf, usualResult } from "./duty.js";
import { endProcess } from "../end-process.js";
import type { ReplayPort } from "./replay-progress.js";
import type { ReplayWorld } from "../replay-world.js";
import { respell } from "../spelling.js";

/** Plays one recorded life of an app-server as a process. */
export class ReplayAppServer implements ReplayPort {
  readonly #process: RelayProcess;
  readonly #pool: AppServerPool;
  readonly #world: ReplayWorld;
  #leaving = false;

  constructor(process: RelayProcess, pool: AppServerPool, world: ReplayWorld) {
    this.#process = process;
    this.#pool = pool;
    this.#world = world;
  }

  play(): void {
    const splitter = createLineSplitter();
    this.#pool.enter(this);
    if (this.#conversation === undefined) {
      this.#world.noteUnexpected("a process of codex app-server: the recording has no further one");
    }
    this.#process.begin({ SIGINT: "report", SIGTERM: "report" }, (signal) => this.#end(signal));
    this.#process.readStdin((chunk) => {
      for (const { text } of splitter.push(chunk)) this.#receive(text);
    });
    void this.#process.stdinEnded.then(() => this.#end(null));
    this.#leaveIfDead();
  }

  send(message: JsonObject): void {
    this.write("stdout", `${JSON.stringify(respell(message, this.#world.spelling.toLive))}\n`);
  }

  write(stream: "stdout" | "stderr", text: string): void {
    if (stream === "stdout") this.#process.writeStdout(text);
    else this.#process.writeStderr(text);
  }

  get #conversation(): Conversation | undefined {
    return this.#pool.conversationOf(this);
  }

  #receive(text: string): void {
    const message = parseJson(text);
    if (!isJsonObject(message))
      return this.#world.noteViolation(`the client sent no JSON object: ${text.slice(0, 80)}`);
    const spelled = respell(message, this.#world.spelling.toRecorded);
    const { id, method } = spelled;
    if (id === undefined) return;
    if (typeof method === "string") this.#takeRequest(id, { method, params: asObject(spelled["params"]) });
    else this.#takeAnswer(spelled);
    this.#leaveIfDead();
  }

  #takeRequest(id: JsonValue, request: ClientRequest): void {
    if (dutyOf(request.method) !== "greeting") this.#pool.settle(this, request);
    const conversation = this.#conversation;
    const step = conversation?.find(request);
    if (conversation !== undefined && step !== undefined) return conversation.say(step, id, this);
    const usual = usualResult(request.method, request.params);
    if (usual !== undefined) return this.#answerAsUsual(id, request, usual);
    const why = conversation?.explain(request) ?? "the recording has no further process of codex app-server";
    this.#world.noteUnexpected(`request ${request.method}: ${why}`);
    this.send({ error: { code: -32600, message: `Replay of a recording: ${request.method}: ${why}.` }, id });
  }

  #answerAsUsual(id: JsonValue, { method, params }: ClientRequest, result: JsonObject): void {
    this.send({ id, result });
    // Whoever lets a thread go waits for this.
    if (method === "thread/unsubscribe")
      this.send({ method: "thread/closed", params: { threadId: params["threadId"] } });
  }

  #takeAnswer(answer: JsonObject): void {
    const taken = this.#conversation?.takeAnswer(answer, this);
    if (taken === undefined)
      this.#world.noteViolation(`an answer to no request of the server: ${JSON.stringify(answer["id"])}`);
    else if (taken.problem !== null) this.#world.noteViolation(taken.problem);
  }

  /** A server that died in the recording dies at the same point. */
  #leaveIfDead(): void {
    const death = this.#conversation?.death;
    if (death !== undefined) this.#leave(death);
  }

  /** The end of stdin, or a signal, ends it as it did in the recording. */
  #end(signal: string | null): void {
    const entries = this.#conversation?.recorded.entries ?? [];
    const exit = entries.find((entry) => entry.type === "exit");
    const isRecorded = signal === null || entries.some(({ type }) => type === "signal");
    this.#leave(exit !== undefined && isRecorded ? exit : { code: 0, signal });
  }

  #leave(end: { readonly code: number | null; readonly signal: string | null }): void {
    if (this.#leaving) return;
    this.#leaving = true;
    void endProcess(this.#process, end);
  }
}
