import type { JsonObject } from "../../../internal/json.js";
import { createIdSource, type IdSource } from "../../model/render-response.js";
import type { ModelRequest } from "../../script/model-request.js";
import type { FakeStep } from "../../script/model-step.js";
import type { Script } from "../../script/script.js";
import type { FakeThread } from "../turn/fake-thread.js";
import type { Reply } from "./reply.js";

/** A request or notification of the client. */
export interface ClientCall {
  readonly method: string;
  /** The params. An API key in them is replaced by `[redacted]`. */
  readonly params: JsonObject;
  /** The index of the process that received the call, from 0. */
  readonly process: number;
}

/** The client's answer to a request of the server. */
export interface ClientAnswer {
  readonly method: string;
  readonly params: JsonObject;
  /** The result, or undefined if the client answered with an error. */
  readonly result: JsonObject | undefined;
  /** The error, or undefined if the client answered with a result. */
  readonly error: JsonObject | undefined;
}

/** The state that the processes of a fake app-server share: codex's threads, the script, and the recorded messages. */
export class AppServerState {
  readonly script: Script<FakeStep>;
  readonly version: string;
  readonly threads = new Map<string, FakeThread>();
  readonly requests: ClientCall[] = [];
  readonly notifications: ClientCall[] = [];
  readonly answers: ClientAnswer[] = [];
  readonly modelRequests: ModelRequest[] = [];
  readonly sent: JsonObject[] = [];
  readonly nextId: IdSource = createIdSource();
  readonly #replies = new Map<string, Reply[]>();
  processes = 0;

  constructor(script: Script<FakeStep>, version: string) {
    this.script = script;
    this.version = version;
  }

  intercept(method: string, replies: readonly Reply[]): void {
    this.#replies.set(method, [...(this.#replies.get(method) ?? []), ...replies]);
  }

  takeReply(method: string): Reply {
    return this.#replies.get(method)?.shift() ?? { type: "asUsual" };
  }

  async takeStep(request: ModelRequest): Promise<FakeStep | undefined> {
    const numbered = request.withIndex(this.modelRequests.length);
    this.modelRequests.push(numbered);
    return await this.script.take(numbered);
  }

  check(): void {
    const unused = [...this.#replies].flatMap(([method, replies]) =>
      replies.map(({ type }) => `reply "${type}" to ${method}`),
    );
    this.script.check(unused);
  }
}
