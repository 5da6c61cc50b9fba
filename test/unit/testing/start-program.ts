import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { createLineSplitter } from "../../../src/internal/lines/line-splitter.js";
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../../src/internal/json.js";

export interface ProgramOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout as JSON. */
  readonly events: JsonObject[];
}

/** Starts a program and kills it at the end of the test. */
export function start(
  path: string,
  args: readonly string[],
  options: ProgramOptions = {},
): ChildProcessWithoutNullStreams {
  const child = spawn(path, args, options);
  child.stdin.on("error", () => undefined);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Runs a program with this stdin to its end. */
export async function run(
  path: string,
  args: readonly string[],
  input: string,
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = start(path, args, options);
  child.stdin.end(input);
  return await finish(child);
}

/** Waits for the end of a started program and collects its output. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<ProgramResult> {
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const events = stdout.startsWith("{") ? stdout.trimEnd().split("\n").map(parse) : [];
  return { code, signal, stdout, stderr, events };
}

/** A bare client of the app-server protocol that does not use codexkit's client. */
export class RpcClient {
  /** Every message of the server, in order. */
  readonly messages: JsonObject[] = [];
  /** The method of each request, by its id. */
  readonly methods = new Map<string, string>();
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<ProgramResult>;
  /** Returns the answer to a request of the server. Undefined leaves the request open. */
  answer: (method: string, params: JsonValue | undefined) => JsonValue | undefined = () => undefined;
  #nextId = 0;
  #wake: () => void = () => undefined;
  #read = 0;

  constructor(path: string, args: readonly string[] = ["app-server"], options: ProgramOptions = {}) {
    this.child = start(path, args, options);
    this.exited = finish(this.child);
    const splitter = createLineSplitter();
    this.child.stdout.on("data", (chunk: string) => {
      for (const { text } of splitter.push(Buffer.from(chunk))) this.#take(text);
      this.#wake();
    });
  }

  /** Sends a request and resolves with its response, which contains a result or an error. */
  async call(method: string, params: JsonObject = {}): Promise<JsonObject> {
    const id = `c${String(this.#nextId++)}`;
    this.methods.set(id, method);
    this.send({ id, method, params });
    return await this.#find(0, (message) => message["id"] === id && message["method"] === undefined);
  }

  async open(): Promise<JsonObject> {
    const clientInfo = { name: "test", version: "1" };
    const response = await this.call("initialize", { clientInfo, capabilities: { experimentalApi: true } });
    this.send({ method: "initialized" });
    return response;
  }

  async startThread(params: JsonObject = {}): Promise<string> {
    return pickText(await this.call("thread/start", params), "result", "thread", "id");
  }

  /** Starts a turn and resolves with its id. */
  async startTurn(threadId: string, text: string, params: JsonObject = {}): Promise<string> {
    const input = [{ type: "text", text }];
    return pickText(await this.call("turn/start", { threadId, input, ...params }), "result", "turn", "id");
  }

  /** Resolves with the next notification of this method after the last one that `next` returned. */
  async next(method: string): Promise<JsonObject> {
    const found = await this.#find(this.#read, (message) => message["method"] === method);
    this.#read = this.messages.indexOf(found) + 1;
    return found;
  }

  send(message: JsonObject): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  async #find(from: number, matches: (message: JsonObject) => boolean): Promise<JsonObject> {
    for (let index = from; ; index += 1) {
      while (index >= this.messages.length) await new Promise<void>((resolve) => (this.#wake = resolve));
      const message = this.messages[index];
      if (message !== undefined && matches(message)) return message;
    }
  }

  #take(text: string): void {
    const message = parse(text);
    this.messages.push(message);
    const { id, method, params } = message;
    if (typeof method !== "string" || id === undefined) return;
    const result = this.answer(method, params);
    if (result !== undefined) this.send({ id, result });
  }
}

/** Returns the text at a path, or an empty text. */
export function pickText(value: JsonValue | undefined, ...path: readonly string[]): string {
  const text = pick(value, ...path);
  return typeof text === "string" ? text : "";
}

/** Returns the value at a path, or undefined. */
export function pick(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((inner, key) => {
    if (Array.isArray(inner)) return inner.at(Number(key)) as JsonValue | undefined;
    return isJsonObject(inner) ? inner[key] : undefined;
  }, value);
}

function parse(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : { garbage: text };
}
