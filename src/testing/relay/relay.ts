import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { isJsonObject, parseJson } from "../../internal/json.js";
import { createLineSplitter } from "../../internal/lines/line-splitter.js";
import { listenOnLoopback } from "../../internal/listen-on-loopback.js";
import { writeLauncher, type Launcher } from "../write-launcher.js";
import { RelayProcess } from "./relay-process.js";
import { newestCodex } from "../fakes/newest-codex.js";

export interface RelayOptions {
  /** The directory of the executable. Default: a new one under the system's temporary folder. */
  readonly directory?: string | undefined;
  /** The version that `--version` prints. Default: the newest that codexkit supports. */
  readonly version?: string | undefined;
}

/**
 * Writes an executable whose processes this process plays. Each process connects to this one over a loopback socket with
 * a random token, which only the executable's file (mode 0700) contains.
 */
export async function createRelay({ directory, version = newestCodex.version }: RelayOptions): Promise<Relay> {
  const token = randomBytes(24).toString("hex");
  const server = createServer();
  const port = await listenOnLoopback(server);
  return new Relay(server, token, writeLauncher("relay", { port, token, version }, directory));
}

/** An executable whose processes this process plays. Created by {@link createRelay}. */
export class Relay {
  /** The path of the executable. */
  readonly path: string;
  /** Every process that was started, in order. A call with `--version` is not included. */
  readonly processes: RelayProcess[] = [];
  readonly #server: Server;
  readonly #token: string;
  readonly #launcher: Launcher;
  readonly #sockets = new Set<Socket>();

  constructor(server: Server, token: string, launcher: Launcher) {
    this.path = launcher.path;
    this.#server = server;
    this.#token = token;
    this.#launcher = launcher;
  }

  /** Calls `onProcess` for every process that starts from now on, before its stdin is read. */
  listen(onProcess: (process: RelayProcess) => void): void {
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      this.#connect(socket, onProcess);
    });
  }

  /** Ends the running processes and removes the executable. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await Promise.all(this.processes.map((process) => process.closed));
    this.#launcher.remove();
  }

  /** The first line of a connection identifies the process. All further lines are messages of that process. */
  #connect(socket: Socket, onProcess: (process: RelayProcess) => void): void {
    const splitter = createLineSplitter();
    let process: RelayProcess | undefined;
    socket.on("data", (chunk: Buffer) => {
      for (const { text } of splitter.push(chunk)) {
        const message = parseJson(text);
        if (!isJsonObject(message)) return void socket.destroy();
        if (process !== undefined) process.receive(message);
        else if (message["type"] === "hello" && message["token"] === this.#token) {
          process = new RelayProcess(message, (command) => void socket.write(`${JSON.stringify(command)}\n`));
          this.processes.push(process);
          onProcess(process);
        } else return void socket.destroy();
      }
    });
    socket.on("close", () => process?.receive({ type: "gone" }));
  }
}
