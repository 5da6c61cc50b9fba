import { createDeferred } from "../../internal/deferred.js";
import { isJsonObject, type JsonObject } from "../../internal/json.js";
import { readText } from "../fakes/read-params.js";

/** One process that was started from a double's executable, as the double saw it. */
export interface FakeProcess {
  /** The arguments, without the program. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly pid: number;
  /** The whole environment. It is not enumerable, so that printing a process prints no secret. */
  readonly env: Readonly<Record<string, string>>;
  /** All of stdin so far. */
  readonly stdin: string;
  /** The signals that it was sent and did not die of. */
  readonly signals: readonly string[];
  /** Resolves when the process is gone. */
  readonly closed: Promise<void>;
}

/** What a faked process does on a signal, instead of dying of it. Either way the signal is noted in `signals`. */
export type SignalReaction = "ignore" | "report";

/** A process that runs the relay program, with the strings it hangs on. */
export class RelayProcess implements FakeProcess {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly pid: number;
  declare readonly env: Readonly<Record<string, string>>;
  readonly signals: string[] = [];
  readonly #send: (command: JsonObject) => void;
  readonly #stdin: Buffer[] = [];
  readonly #stdinEnded = createDeferred<void>();
  readonly #closed = createDeferred<void>();
  readonly #gone = new AbortController();
  #onStdin: ((chunk: Buffer) => void) | undefined;
  #onSignal: ((signal: string) => void) | undefined;

  constructor(hello: JsonObject, send: (command: JsonObject) => void) {
    const { argv, cwd, pid, env } = hello;
    this.argv = Array.isArray(argv) ? argv.map(String) : [];
    this.cwd = readText(cwd) ?? "";
    this.pid = Number(pid);
    const variables = Object.entries(isJsonObject(env) ? env : {}).map(([name, value]) => [
      name,
      readText(value) ?? "",
    ]);
    Object.defineProperty(this, "env", { value: Object.fromEntries(variables), enumerable: false });
    this.#send = send;
  }

  get stdin(): string {
    return Buffer.concat(this.#stdin).toString("utf8");
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Resolves when stdin has ended, or the process is gone. */
  get stdinEnded(): Promise<void> {
    return this.#stdinEnded.promise;
  }

  /** Fires when the process is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Says how signals are met. */
  begin(signals: Readonly<Record<string, SignalReaction>>, onSignal?: (signal: string) => void): void {
    this.#onSignal = onSignal;
    this.#send({ type: "begin", signals });
  }

  /** Lets stdin flow. */
  readStdin(onChunk?: (chunk: Buffer) => void): void {
    this.#onStdin = onChunk;
    this.#send({ type: "readStdin" });
  }

  writeStdout(data: string | Uint8Array): void {
    this.#send({ type: "stdout", data: Buffer.from(data).toString("base64") });
  }

  writeStderr(text: string): void {
    this.#send({ type: "stderr", data: Buffer.from(text).toString("base64") });
  }

  /** Ends stdout while the process lives on. */
  closeStdout(): void {
    this.#send({ type: "closeStdout" });
  }

  /** Lets the process end with this code, its output written. Resolves when it is gone. */
  async exit(code: number): Promise<void> {
    this.#send({ type: "exit", code });
    await this.closed;
  }

  /** Lets the process die of this signal, its output written. Resolves when it is gone. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#send({ type: "kill", signal });
    await this.closed;
  }

  /** Takes a message of the relay program. */
  receive(message: JsonObject): void {
    const { type } = message;
    if (type === "stdin") {
      const chunk = Buffer.from(readText(message["data"]) ?? "", "base64");
      this.#stdin.push(chunk);
      this.#onStdin?.(chunk);
    } else if (type === "stdinEnd") {
      this.#stdinEnded.resolve();
    } else if (type === "signal") {
      const signal = readText(message["signal"]) ?? "";
      this.signals.push(signal);
      if (message["reaction"] === "report") this.#onSignal?.(signal);
    } else if (type === "gone") {
      this.#gone.abort();
      this.#stdinEnded.resolve();
      this.#closed.resolve();
    }
  }
}
