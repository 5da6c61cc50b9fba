import { createDeferred, type Deferred } from "../../../internal/deferred.js";
import { asObject, isJsonObject, parseJson, toJson, type JsonObject, type JsonValue } from "../../../internal/json.js";
import { clientMethods, type ServerNotifications } from "../../../protocol/generated/methods.js";
import type { Account } from "../../../protocol/generated/types.js";
import type { RelayProcess } from "../../relay/relay-process.js";
import type { ProcessPart } from "../../script/fake-parts.js";
import type { ModelRequest } from "../../script/model-request.js";
import type { TurnPort } from "../turn/turn-port.js";
import { RpcFailure, type Handled, type RunningAppServer } from "./app-server-method.js";
import { appServerMethods } from "./app-server-methods.js";
import type { AppServerState } from "./app-server-state.js";
import type { Reply } from "./reply.js";

interface PendingRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly answer: Deferred<JsonObject>;
}

/** One process of a fake app-server. Answers the client's lines and writes those of codex. */
export class AppServerSession implements RunningAppServer {
  readonly state: AppServerState;
  readonly loaded = new Set<string>();
  initialized = false;
  account: Account | null = null;
  readonly #process: RelayProcess;
  readonly #index: number;
  readonly #pending = new Map<JsonValue | undefined, PendingRequest>();
  readonly #ended = new AbortController();
  #nextRequestId = 0;

  constructor(state: AppServerState, process: RelayProcess) {
    this.state = state;
    this.#process = process;
    this.#index = state.processes++;
  }

  get codexHome(): string {
    return this.#process.env["CODEX_HOME"] ?? this.cwd;
  }

  get cwd(): string {
    return this.#process.cwd;
  }

  get nextId(): TurnPort["nextId"] {
    return this.state.nextId;
  }

  /** Handles one line of the client. */
  receive(text: string): void {
    const message = parseJson(text);
    if (!isJsonObject(message)) return this.state.script.log.noteViolation(`the client sent no JSON object: ${text}`);
    const { id, method } = message;
    if (typeof method !== "string") return this.#receiveAnswer(message);
    const params = asObject(message["params"]);
    const call = { method, params: redact(params), process: this.#index };
    if (id === undefined) return void this.state.notifications.push(call);
    this.state.requests.push(call);
    void this.#answer(id, method, params);
  }

  /** Ends the turns, commands and ephemeral threads of the process. Called when the process ends. */
  end(): void {
    this.#ended.abort();
    for (const thread of this.state.threads.values()) {
      if (!this.loaded.has(thread.id)) continue;
      thread.turn?.interrupt();
      for (const command of thread.background.values()) command.end();
      if (thread.ephemeral) this.state.threads.delete(thread.id);
    }
  }

  async take(request: ModelRequest): ReturnType<TurnPort["take"]> {
    return await this.state.takeStep(request);
  }

  notify<Method extends keyof ServerNotifications>(method: Method, params: ServerNotifications[Method]): void {
    this.#send({ method, params: toJson(params), emittedAtMs: Date.now() });
  }

  notifyRaw(method: string, params: JsonObject): void {
    this.#send({ method, params, emittedAtMs: Date.now() });
  }

  request(method: string, params: JsonObject): { readonly id: number; readonly answer: Promise<JsonObject> } {
    const id = this.#nextRequestId++;
    const answer = createDeferred<JsonObject>();
    this.#pending.set(id, { method, params, answer });
    this.#send({ method, id, params });
    return { id, answer: answer.promise };
  }

  async perform(part: ProcessPart): Promise<void> {
    await this.#process.perform(part);
  }

  async #answer(id: JsonValue, method: string, params: JsonObject): Promise<void> {
    const reply = this.state.takeReply(method);
    if (reply.type === "none") return;
    if (reply.type === "late") await reply.until.wait(this.#ended.signal);
    if (reply.type === "error") return this.#sendError(id, reply);
    if (reply.type === "result") {
      const { result } = reply;
      return this.#send({ id, result: typeof result === "function" ? result(params) : result });
    }
    try {
      const handled = this.#handle(method, params);
      this.#deliver(id, handled, reply);
    } catch (error) {
      if (!(error instanceof RpcFailure)) throw error;
      this.#sendError(id, { code: error.code, message: error.message, data: undefined });
    }
  }

  #handle(method: string, params: JsonObject): Handled {
    const handler = appServerMethods.get(method);
    if (handler === undefined) {
      if (method !== probeMethod) this.state.script.log.noteUnexpected(`request ${method}`);
      throw new RpcFailure(`Invalid request: unknown variant \`${method}\`, expected one of ${knownMethods}`);
    }
    if (!this.initialized && method !== "initialize") throw new RpcFailure("Not initialized");
    return handler(params, this);
  }

  #deliver(id: JsonValue, { before, result, after }: Handled, reply: Reply): void {
    const response = { id, result: toJson(result) };
    before?.();
    if (reply.type === "overtaken") after?.();
    this.#send(response);
    if (reply.type === "twice") this.#send(response);
    if (reply.type !== "overtaken") after?.();
  }

  #receiveAnswer(message: JsonObject): void {
    const { id, result, error } = message;
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    const { method, params } = pending;
    this.state.answers.push({
      method,
      params,
      result: isJsonObject(result) ? result : undefined,
      error: isJsonObject(error) ? error : undefined,
    });
    pending.answer.resolve(message);
  }

  #sendError(
    id: JsonValue,
    error: { readonly code: number; readonly message: string; readonly data: JsonValue | undefined },
  ) {
    const { code, message, data } = error;
    this.#send({ error: { code, message, ...(data === undefined ? {} : { data }) }, id });
  }

  #send(message: JsonObject): void {
    if (this.#ended.signal.aborted) return;
    this.state.sent.push(message);
    this.#process.writeStdout(`${JSON.stringify(message)}\n`);
  }
}

function redact(params: JsonObject): JsonObject {
  return "apiKey" in params ? { ...params, apiKey: "[redacted]" } : params;
}

/** The method that codexkit requests to receive the list of codex's methods. */
const probeMethod = "codexkit/probe";

const knownMethods = Object.keys(clientMethods)
  .map((method) => `\`${method}\``)
  .join(", ");
