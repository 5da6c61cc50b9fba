import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { ModelRequest, parseModelBody } from "../script/model-request.js";
import type { ModelStep } from "../script/model-step.js";
import { createIdSource } from "./render-response.js";
import { describeRequest, Script } from "../script/script.js";
import type { ScriptEntry } from "../script/script-entry.js";
import { ScriptedHome, type ScriptedCodexInput, type ScriptedCodexOptions } from "./scripted-home.js";
import { sendStep, sendText } from "./send-step.js";

export interface ScriptedModelOptions {
  /**
   * API keys to accept besides the model's own token, by a name of your choice: the name is recorded with each request
   * (`request.key`), the key never is. For tests of `apiKey` and `baseUrl`.
   */
  readonly acceptKeys?: Readonly<Record<string, string>>;
  /** Whether `close()` throws what `assertDone()` would. Default: true. */
  readonly strict?: boolean;
}

/**
 * A model server on 127.0.0.1 that speaks the Responses API and answers each request with the next step of a script.
 * The real codex binary runs on it, offline and without a key. A call without a step is answered with an error and
 * noted, and so is a step that nothing asked for: `assertDone()` and `close()` throw a `ScriptError` for them.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 * import { createScriptedModel, message, respond, shell } from "codexkit/testing";
 *
 * await using model = await createScriptedModel([respond(shell("echo hi")), respond(message("It says hi."))]);
 * await using codex = new Codex(model.codexOptions());
 * const { finalResponse } = await codex.startThread({ skipGitRepoCheck: true }).run("Run echo hi");
 * await model.assertDone();
 * ```
 */
export async function createScriptedModel(
  steps: readonly ScriptEntry[] = [],
  options: ScriptedModelOptions = {},
): Promise<ScriptedModel> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return new ScriptedModel(server, steps, options);
}

/** A running scripted model. Made by {@link createScriptedModel}. */
export class ScriptedModel implements AsyncDisposable {
  /** For `baseUrl`, or a provider of your own. */
  readonly baseUrl: string;
  /** The requests that steps were asked for, in order of arrival. */
  readonly requests: ModelRequest[] = [];
  /** What else was asked of the server, as `METHOD /path`. It was answered with 404. */
  readonly otherRequests: string[] = [];
  /** How often codex tried a WebSocket. Each try was answered with 426, after which codex makes a plain request. */
  upgrades = 0;
  readonly #server: Server;
  readonly #script: Script<ModelStep>;
  readonly #home: ScriptedHome;
  readonly #keyNames: ReadonlyMap<string, string>;
  readonly #strict: boolean;
  readonly #nextId = createIdSource();
  #closed: Promise<void> | undefined;

  constructor(server: Server, steps: readonly ScriptEntry[], options: ScriptedModelOptions) {
    const { acceptKeys = {}, strict = true } = options;
    const token = randomBytes(24).toString("hex");
    this.baseUrl = `http://127.0.0.1:${String(portOf(server))}/v1`;
    this.#server = server;
    this.#script = new Script("scripted model", steps);
    this.#strict = strict;
    this.#home = new ScriptedHome(this.baseUrl, token);
    const names = Object.entries(acceptKeys).map(([name, key]): [string, string] => [`Bearer ${key}`, name]);
    this.#keyNames = new Map([[`Bearer ${token}`, "token"], ...names]);
    this.#listen();
  }

  /**
   * The options that make a codex talk to this model, on either transport. The bearer token is in the environment and
   * serves no other purpose; every request without it is refused and noted.
   */
  codexOptions(input: ScriptedCodexInput = {}): ScriptedCodexOptions {
    return this.#home.codexOptions(input);
  }

  /** Adds entries to the script. */
  add(...entries: readonly ScriptEntry[]): void {
    this.#script.add(entries);
  }

  /**
   * Throws a `ScriptError` for what went otherwise than the script says. What was thrown once is not thrown again, so
   * a later `close()` is quiet.
   */
  async assertDone(): Promise<void> {
    await Promise.resolve();
    this.#script.check();
  }

  /** Cuts every open response and stops the server; then, unless `strict` is false, asserts as `assertDone()` does. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    await this.#home.remove();
    if (this.#strict) this.#script.check();
  }

  #listen(): void {
    this.#server.on("request", (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.on("upgrade", (_request, socket) => {
      this.upgrades += 1;
      socket.on("error", () => undefined);
      socket.end("HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const content = await text(request);
    const path = request.url ?? "";
    if (request.method !== "POST" || path !== "/v1/responses") {
      this.otherRequests.push(`${request.method ?? ""} ${path}`);
      return sendError(response, 404, `the scripted model has no ${path}`);
    }
    const { authorization = "", ...headers } = request.headers;
    const key = this.#keyNames.get(authorization);
    if (key === undefined) {
      this.#script.noteViolation(`a request came ${authorization === "" ? "without a" : "with a wrong"} bearer token`);
      return sendError(response, 401, "the scripted model does not know this bearer token");
    }
    const body = parseModelBody(content);
    if (body === undefined) {
      this.#script.noteViolation("a request's body is not a JSON object");
      return sendError(response, 400, "the body is not a JSON object");
    }
    const recorded = new ModelRequest(this.requests.length, body, { headers: flatten(headers), key });
    this.requests.push(recorded);
    const step = await this.#script.take(recorded);
    if (step === undefined) return sendError(response, 400, `no step is left for ${describeRequest(recorded)}`);
    await sendStep(step, response, this.#nextId);
  }
}

/** Unexpected calls get a 400 rather than a 500, as codex repeats a 500 and hides its message from the turn's error. */
function sendError(response: ServerResponse, status: number, reason: string): void {
  sendText(response, status, JSON.stringify({ error: { type: "scripted_model", message: reason } }));
}

function flatten(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
