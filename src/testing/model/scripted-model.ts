import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { isJsonObject, parseJson } from "../../internal/json.js";
import { listenOnLoopback } from "../../internal/listen-on-loopback.js";
import { Double } from "../double.js";
import { describeRequest } from "../script/describe.js";
import { MismatchLog } from "../script/mismatch-log.js";
import { ModelRequest } from "../script/model-request.js";
import type { ModelStep } from "../script/model-step.js";
import { Script } from "../script/script.js";
import type { ScriptEntry } from "../script/script-entry.js";
import { createIdSource } from "./render-response.js";
import { ScriptedHome, type ScriptedCodexInput, type ScriptedCodexOptions } from "./scripted-home.js";
import { sendStep, sendText } from "./send-step.js";

/** Options of {@link createScriptedModel}. */
export interface ScriptedModelOptions {
  /**
   * API keys that the model accepts in addition to its own token, by a name of your choice. `request.key` holds the name
   * of a request's key; the key itself is not recorded. For tests of `apiKey` and `baseUrl`. Default: none.
   */
  readonly acceptKeys?: Readonly<Record<string, string>>;
  /** Whether `close()` rejects with the error of `assertDone()`. Default: true. */
  readonly strict?: boolean;
}

/**
 * Starts a model server on 127.0.0.1 that speaks the Responses API and answers each request with the next step of a
 * script. The real codex binary runs on it, offline and without an API key. A request without a step gets an error.
 * `assertDone()` and `close()` reject with a `ScriptError` for such requests and for unused steps.
 * Rejects with an `OptionError` (`INVALID_OPTION`) for an entry that is not a step, such as `message()` without `respond()`.
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
  const script = new Script(steps, new MismatchLog("scripted model"));
  const server = createServer();
  const port = await listenOnLoopback(server);
  return new ScriptedModel({ server, port }, script, options);
}

/** A running scripted model. Created by {@link createScriptedModel}. */
export class ScriptedModel extends Double {
  /** The model's URL, for the option `baseUrl` or for a model provider. */
  readonly baseUrl: string;
  /** The requests to the model, in order of arrival. */
  readonly requests: ModelRequest[] = [];
  /** All other requests, as `METHOD /path`. They are answered with 404. */
  readonly otherRequests: string[] = [];
  /** The number of WebSocket upgrades that codex tried. Each is answered with 426; codex then sends a plain request. */
  upgrades = 0;
  readonly #server: Server;
  readonly #script: Script<ModelStep>;
  readonly #home: ScriptedHome;
  readonly #keyNames: ReadonlyMap<string, string>;
  readonly #nextId = createIdSource();

  /** @internal */
  constructor(
    { server, port }: { readonly server: Server; readonly port: number },
    script: Script<ModelStep>,
    { acceptKeys = {}, strict = true }: ScriptedModelOptions,
  ) {
    super(strict);
    const token = randomBytes(24).toString("hex");
    this.baseUrl = `http://127.0.0.1:${String(port)}/v1`;
    this.#server = server;
    this.#script = script;
    this.#home = new ScriptedHome(this.baseUrl, token);
    const names = Object.entries(acceptKeys).map(([name, key]): [string, string] => [`Bearer ${key}`, name]);
    this.#keyNames = new Map([[`Bearer ${token}`, "token"], ...names]);
    this.#listen();
  }

  /**
   * Returns the options that connect a client to this model, on either transport. The environment contains the bearer
   * token, which is valid for this model only. Requests without it are rejected and reported by `assertDone()`.
   */
  codexOptions(input: ScriptedCodexInput = {}): ScriptedCodexOptions {
    return this.#home.codexOptions(input);
  }

  /** Adds entries to the script. */
  add(...entries: readonly ScriptEntry[]): void {
    this.#script.add(entries);
  }

  /** @internal */
  protected check(): void {
    this.#script.check();
  }

  /** @internal */
  protected async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    await this.#home.remove();
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
    const body = parseJson(await text(request));
    const path = request.url ?? "";
    if (request.method !== "POST" || path !== "/v1/responses") {
      this.otherRequests.push(`${request.method ?? ""} ${path}`);
      return sendError(response, 404, `the scripted model has no ${path}`);
    }
    const { authorization = "", ...headers } = request.headers;
    const key = this.#keyNames.get(authorization);
    if (key === undefined) {
      const problem = authorization === "" ? "without a" : "with a wrong";
      this.#script.log.noteViolation(`a request came ${problem} bearer token`);
      return sendError(response, 401, "the scripted model does not know this bearer token");
    }
    if (!isJsonObject(body)) {
      this.#script.log.noteViolation("a request's body is not a JSON object");
      return sendError(response, 400, "the body is not a JSON object");
    }
    const recorded = new ModelRequest(this.requests.length, body, { headers: flatten(headers), key });
    this.requests.push(recorded);
    const step = await this.#script.take(recorded);
    if (step === undefined) return sendError(response, 400, `no step is left for ${describeRequest(recorded)}`);
    await sendStep(step, response, this.#nextId);
  }
}

/** Sends an error. Unexpected calls get a 400, because codex retries a 500 and omits its message from the turn's error. */
function sendError(response: ServerResponse, status: number, reason: string): void {
  sendText(response, status, JSON.stringify({ error: { type: "scripted_model", message: reason } }));
}

function flatten(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
