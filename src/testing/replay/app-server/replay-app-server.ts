import { asObject, isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../../internal/json.js";
import { createLineSplitter } from "../../../internal/lines/line-splitter.js";
import type { RelayProcess } from "../../relay/relay-process.js";
import type { AppServerPool } from "./app-server-pool.js";
import type { ClientRequest, Conversation } from "./conversation.js";
import { dutyOf, usualResult } from "./request-duty.js";
import type { ReplayPort } from "./replay-progress.js";
import type { ReplayContext } from "../replay-context.js";
import { respell } from "../spelling.js";

/** Plays one recorded process of an app-server as a process of the relay. */
export class ReplayAppServer implements ReplayPort {
  readonly #process: RelayProcess;
  readonly #pool: AppServerPool;
  readonly #context: ReplayContext;
  #ending = false;

  constructor(process: RelayProcess, pool: AppServerPool, context: ReplayContext) {
    this.#process = process;
    this.#pool = pool;
    this.#context = context;
  }

  play(): void {
    const splitter = createLineSplitter();
    this.#pool.enter(this);
    if (this.#conversation === undefined) {
      this.#context.log.noteUnexpected("a process of codex app-server: the recording has no further one");
    }
    this.#process.begin({ report: ["SIGINT", "SIGTERM"] }, (signal) => this.#stop(signal));
    this.#process.readStdin((chunk) => {
      for (const { text } of splitter.push(chunk)) this.#receive(text);
    });
    void this.#process.stdinEnded.then(() => this.#stop(null));
    this.#exitIfOver();
  }

  send(message: JsonObject): void {
    this.write("stdout", `${JSON.stringify(respell(message, this.#context.spelling.toLive))}\n`);
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
      return this.#context.log.noteViolation(`the client sent no JSON object: ${text.slice(0, 80)}`);
    const spelled = respell(message, this.#context.spelling.toRecorded);
    const { id, method } = spelled;
    if (id === undefined) return;
    if (typeof method === "string") this.#takeRequest(id, { method, params: asObject(spelled["params"]) });
    else this.#receiveAnswer(spelled);
    this.#exitIfOver();
  }

  #takeRequest(id: JsonValue, request: ClientRequest): void {
    if (dutyOf(request.method) !== "handshake") this.#pool.settle(this, request);
    const conversation = this.#conversation;
    const step = conversation?.find(request);
    if (conversation !== undefined && step !== undefined) return conversation.play(step, id, this);
    const usual = usualResult(request.method, request.params);
    if (usual !== undefined) return this.#answerAsUsual(id, request, usual);
    const why = conversation?.explain(request) ?? "the recording has no further process of codex app-server";
    this.#context.log.noteUnexpected(`request ${request.method}: ${why}`);
    this.send({ error: { code: -32600, message: `Replay of a recording: ${request.method}: ${why}.` }, id });
  }

  #answerAsUsual(id: JsonValue, { method, params }: ClientRequest, result: JsonObject): void {
    this.send({ id, result });
    // A client that unsubscribes waits for this notification.
    if (method === "thread/unsubscribe")
      this.send({ method: "thread/closed", params: { threadId: params["threadId"] } });
  }

  #receiveAnswer(answer: JsonObject): void {
    const taken = this.#conversation?.takeAnswer(answer, this);
    if (taken === undefined)
      this.#context.log.noteViolation(`an answer to no request of the server: ${JSON.stringify(answer["id"])}`);
    else if (taken.problem !== null) this.#context.log.noteViolation(taken.problem);
  }

  /** Ends the process at the point where the recorded one ended on its own. */
  #exitIfOver(): void {
    const exit = this.#conversation?.exit;
    if (exit !== undefined) this.#end(exit);
  }

  /** Ends the process after the end of stdin or a signal, with the recorded exit if there is one. */
  #stop(signal: string | null): void {
    const entries = this.#conversation?.recorded.entries ?? [];
    const exit = entries.find((entry) => entry.type === "exit");
    const isRecorded = signal === null || entries.some(({ type }) => type === "signal");
    this.#end(exit !== undefined && isRecorded ? exit : { code: 0, signal });
  }

  #end(exit: { readonly code: number | null; readonly signal: string | null }): void {
    if (this.#ending) return;
    this.#ending = true;
    void this.#process.endAs(exit);
  }
}
