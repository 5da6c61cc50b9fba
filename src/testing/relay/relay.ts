import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { isJsonObject, parseJson } from "../../internal/json.js";
import { createLineSplitter } from "../../internal/line-splitter.js";
import { writeLauncher } from "../write-launcher.js";
import { RelayProcess } from "./relay-process.js";

export interface RelayOptions {
  /** Where the executable is written. Default: a directory of its own under the system's temporary folder. */
  readonly directory?: string;
  /** What `--version` says. Default: `0.169.0`. */
  readonly version?: string;
  /** Called with every process that is started, before anything is read of its stdin. */
  readonly onProcess: (process: RelayProcess) => void;
}

/** An executable whose processes are played by this one. */
export interface Relay {
  readonly path: string;
  readonly processes: readonly RelayProcess[];
  /** Ends the processes that still run and removes the executable. */
  close(): Promise<void>;
}

/**
 * Writes an executable file that connects every process started from it to this one: over a loopback socket, with a
 * random token that stands in the file (mode 0700) and nowhere else.
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const token = randomBytes(24).toString("hex");
  const processes: RelayProcess[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    greet(socket, token, (process) => {
      processes.push(process);
      options.onProcess(process);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { directory, version = "0.169.0" } = options;
  const { path, remove } = writeLauncher("relay", { port: portOf(server), token, version }, directory);
  return {
    path,
    processes,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await Promise.all(processes.map((process) => process.closed));
      remove();
    },
  };
}

/** The first line says who calls; the rest belongs to the process. */
function greet(socket: Socket, token: string, onProcess: (process: RelayProcess) => void): void {
  const splitter = createLineSplitter();
  let process: RelayProcess | undefined;
  socket.on("data", (chunk: Buffer) => {
    for (const { text } of splitter.push(chunk)) {
      const message = parseJson(text);
      if (!isJsonObject(message)) return void socket.destroy();
      if (process !== undefined) process.receive(message);
      else if (message["type"] === "hello" && message["token"] === token) {
        process = new RelayProcess(message, (command) => void socket.write(`${JSON.stringify(command)}\n`));
        onProcess(process);
      } else return void socket.destroy();
    }
  });
  socket.on("close", () => process?.receive({ type: "gone" }));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
