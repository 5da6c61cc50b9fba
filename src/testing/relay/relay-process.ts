import { constants } from "node:os";
import { createDeferred } from "../../internal/deferred.js";
import { asObject, asText, type JsonObject } from "../../internal/json.js";
import type { ProcessPart } from "../script/fake-parts.js";

/** One process that was started from a double's executable. */
export interface FakeProcess {
  /** The arguments, without the program. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly pid: number;
  /** The whole environment. The property is not enumerable, so that a printed process shows no secret. */
  readonly env: Readonly<Record<string, string>>;
  /** The text read from stdin so far. */
  readonly stdin: string;
  /** The signals that the process received and survived. */
  readonly signals: readonly string[];
  /** Resolves when the process has ended. */
  readonly closed: Promise<void>;
}

/** The end of stdin or a signal, which a process then ignores. */
export type Ignored = "stdinEnd" | NodeJS.Signals;

/** The signals that do not end a process. All of them are recorded in `signals`. */
export interface CaughtSignals {
  /** Signals that call the listener, unless they are ignored too. */
  readonly report: readonly NodeJS.Signals[];
  readonly ignore?: readonly Ignored[];
}

/** A process of the relay program. The methods send it commands. */
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
    this.cwd = asText(cwd) ?? "";
    this.pid = Number(pid);
    const variables = Object.entries(asObject(env)).map(([name, value]) => [name, asText(value) ?? ""]);
    Object.defineProperty(this, "env", { value: Object.fromEntries(variables), enumerable: false });
    this.#send = send;
  }

  get stdin(): string {
    return Buffer.concat(this.#stdin).toString("utf8");
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Resolves when stdin has ended, or when the process has ended. */
  get stdinEnded(): Promise<void> {
    return this.#stdinEnded.promise;
  }

  /** Fires when the process has ended. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Installs the signal handlers. `onSignal` is called for each reported signal. */
  begin({ report, ignore = [] }: CaughtSignals, onSignal: (signal: string) => void): void {
    this.#onSignal = onSignal;
    const signals: Record<string, "report" | "ignore"> = {};
    for (const signal of report) signals[signal] = "report";
    for (const signal of ignore) if (signal !== "stdinEnd") signals[signal] = "ignore";
    this.#send({ type: "begin", signals });
  }

  /** Starts reading stdin. */
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

  /** Does what a part of a script describes. After `die` it resolves when the process has ended. */
  async perform(part: ProcessPart): Promise<void> {
    switch (part.type) {
      case "stdout":
        return this.writeStdout(part.data);
      case "stderr":
        return this.writeStderr(part.text);
      case "closeStdout":
        return this.#send({ type: "closeStdout" });
      case "die":
        return await (part.signal === undefined ? this.exit(part.code) : this.kill(part.signal));
    }
  }

  /** Writes the remaining output and ends the process with this code. Resolves when it has ended. */
  async exit(code: number): Promise<void> {
    this.#send({ type: "exit", code });
    await this.closed;
  }

  /** Writes the remaining output and ends the process by this signal. Resolves when it has ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#send({ type: "kill", signal });
    await this.closed;
  }

  /** Ends the process as a recorded one ended. Does nothing if it has ended already. Resolves when it has ended. */
  async endAs({ code, signal }: { readonly code: number | null; readonly signal: string | null }): Promise<void> {
    if (this.gone.aborted) return;
    await (signal !== null && isSignal(signal) ? this.kill(signal) : this.exit(code ?? 1));
  }

  /** Handles a message of the relay program. */
  receive(message: JsonObject): void {
    const { type } = message;
    if (type === "stdin") {
      const chunk = Buffer.from(asText(message["data"]) ?? "", "base64");
      this.#stdin.push(chunk);
      this.#onStdin?.(chunk);
    } else if (type === "stdinEnd") {
      this.#stdinEnded.resolve();
    } else if (type === "signal") {
      const signal = asText(message["signal"]) ?? "";
      this.signals.push(signal);
      if (message["reaction"] === "report") this.#onSignal?.(signal);
    } else if (type === "gone") {
      this.#gone.abort();
      this.#stdinEnded.resolve();
      this.#closed.resolve();
    }
  }
}

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}
