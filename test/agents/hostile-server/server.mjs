// A well-behaved app-server of one process: one turn at a time, always the same answer. The hooks of a behaviour make it
// deviate.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import * as wire from "./wire.mjs";

/**
 * @typedef {import("./wire.mjs").Message} Message
 * @typedef {{ method: string, id?: unknown, params: Record<string, unknown> }} Call
 */

/**
 * The points at which a behaviour can act. A hook that returns `true` replaces the server's own action.
 * @typedef {object} Hooks
 * @property {(server: Server) => void} [start] Before the first line is read.
 * @property {(call: Call, server: Server) => boolean | void} [called] A request came in.
 * @property {(call: Call, answer: Message, server: Server) => boolean | void} [answering] Its answer is about to go out.
 * @property {(event: { method: string, params: Record<string, unknown> }, server: Server) => boolean | void} [emitting] An event is about to be sent.
 * @property {(server: Server) => Promise<void> | void} [amid] The turn runs and has sent half of its answer.
 * @property {(server: Server) => void} [ended] The turn has completed.
 * @property {(server: Server) => boolean | void} [inputEnded] The client has closed our input.
 */

/** The agent's answer, in two halves. */
const words = /** @type {const} */ (['{"ok"', ":true}"]);

export class Server {
  /** @type {Hooks} */ #hooks;
  /** @type {Map<unknown, (message: Message) => void>} */ #asked = new Map();
  /** @type {boolean} */ #holds;
  #turns = 0;
  /** @type {string | null} */ #turnId = null;
  threadId = wire.threadId;

  /**
   * @param {Hooks} hooks
   * @param {{ holds?: boolean }} [options] Whether a turn runs until it is interrupted, unless its input contains "again".
   */
  constructor(hooks, { holds = false } = {}) {
    this.#hooks = hooks;
    this.#holds = holds;
  }

  /** The running turn, or the last one. */
  get turnId() {
    return wire.turnIdOf(this.#turns);
  }

  run() {
    this.#hooks.start?.(this);
    const decoder = new StringDecoder("utf8");
    let rest = "";
    process.stdin.on("data", (chunk) => {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#receive(JSON.parse(line));
    });
    process.stdin.on("end", () => {
      if (this.#hooks.inputEnded?.(this) !== true) process.exit(0);
    });
    process.stdin.on("error", () => undefined);
    // The reader is gone. Further output is lost, as with codex.
    process.stdout.on("error", () => undefined);
    process.stderr.on("error", () => undefined);
  }

  /** @param {string} text */
  raw(text) {
    process.stdout.write(text);
  }

  /** @param {Message} message */
  send(message) {
    this.raw(`${JSON.stringify(message)}\n`);
  }

  /**
   * @param {string} method
   * @param {Record<string, unknown>} params
   */
  tell(method, params) {
    if (this.#hooks.emitting?.({ method, params }, this) !== true) this.send({ method, params });
  }

  /**
   * @param {string} method
   * @param {Record<string, unknown>} params
   */
  tellTurn(method, params) {
    this.tell(method, { threadId: this.threadId, turnId: this.turnId, ...params });
  }

  /**
   * Sends a request of its own; resolves when the client answers to its id.
   * @param {Message} request
   * @returns {Promise<Message>}
   */
  ask(request) {
    this.send(request);
    return new Promise((resolve) => this.#asked.set(request["id"], resolve));
  }

  /** @param {Message & { method?: string, params?: Record<string, unknown> }} message */
  #receive({ method, params = {}, ...message }) {
    const { id } = message;
    if (method === undefined) {
      this.#asked.get(id)?.(message);
      return;
    }
    const call = { method, id, params };
    if (id === undefined || this.#hooks.called?.(call, this) === true) return;
    this.perform(call);
  }

  /**
   * Performs a request as codex does.
   * @param {Call} call
   */
  perform(call) {
    const { method, params } = call;
    switch (method) {
      case "initialize":
        this.#answer(call, wire.greeting(nameOf(params["clientInfo"])));
        return;
      case "thread/start":
        this.#answer(call, wire.threadAnswer(this.threadId));
        return;
      case "thread/resume":
        this.threadId = String(params["threadId"]);
        this.#answer(call, wire.threadAnswer(this.threadId));
        return;
      case "turn/start":
        this.#turns += 1;
        this.#turnId = this.turnId;
        this.#answer(call, { turn: { ...wire.turn(this.turnId), startedAt: null } });
        void this.#play(params["input"]);
        return;
      case "turn/interrupt":
        if (this.#turnId === null) this.#refuse(call, "no active turn to interrupt");
        else {
          this.#answer(call, {});
          this.complete("interrupted");
        }
        return;
      case "thread/unsubscribe":
        this.#answer(call, { status: "unsubscribed" });
        return;
      case "thread/backgroundTerminals/clean":
        this.#answer(call, {});
        return;
      default:
        this.#refuse(call, `Invalid request: unknown variant \`${method}\``);
    }
  }

  /** Informs the host program, which may wait for an event that never comes, that the turn gets no further. */
  stall() {
    const folder = process.env["CODEXKIT_CASE_FOLDER"];
    if (folder !== undefined) writeFileSync(join(folder, "mid-turn"), "");
  }

  /** @param {unknown} input */
  async #play(input) {
    const item = wire.agentMessage("msg_1", "");
    const said = wire.userMessage("user_1", JSON.stringify(input));
    this.tell("thread/status/changed", { threadId: this.threadId, status: { type: "active", activeFlags: [] } });
    this.tell("turn/started", { threadId: this.threadId, turn: wire.turn(this.turnId) });
    this.tellTurn("item/started", { item: said, startedAtMs: 1 });
    this.tellTurn("item/completed", { item: said, contentTokenCount: null, completedAtMs: 1 });
    this.tellTurn("item/started", { item, startedAtMs: 1 });
    this.tellTurn("item/agentMessage/delta", { itemId: "msg_1", delta: words[0] });
    await this.#hooks.amid?.(this);
    this.tellTurn("item/agentMessage/delta", { itemId: "msg_1", delta: words[1] });
    if (!this.#holds || JSON.stringify(input).includes("again")) this.complete("completed");
  }

  /** @param {"completed" | "interrupted"} status */
  complete(status) {
    if (this.#turnId === null) return;
    this.#turnId = null;
    const item = { ...wire.agentMessage("msg_1", words.join("")), completedAtMs: 1 };
    if (status === "completed") {
      this.tellTurn("item/completed", { item, contentTokenCount: null, completedAtMs: 1 });
      this.tellTurn("thread/tokenUsage/updated", { tokenUsage: wire.tokenUsage() });
    }
    this.tell("thread/status/changed", { threadId: this.threadId, status: { type: "idle" } });
    const items = status === "completed" ? [item] : [];
    this.tell("turn/completed", { threadId: this.threadId, turn: wire.turn(this.turnId, status, items) });
    this.#hooks.ended?.(this);
  }

  /**
   * @param {Call} call
   * @param {Record<string, unknown>} result
   */
  #answer(call, result) {
    const answer = { id: call.id, result };
    if (this.#hooks.answering?.(call, answer, this) !== true) this.send(answer);
  }

  /**
   * @param {Call} call
   * @param {string} message
   */
  #refuse(call, message) {
    this.send({ id: call.id, error: { code: -32600, message } });
  }
}

/** @param {unknown} clientInfo */
function nameOf(clientInfo) {
  return typeof clientInfo === "object" && clientInfo !== null && "name" in clientInfo ? String(clientInfo.name) : "";
}
