import type { Socket } from "node:net";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";

/** The number of connections whose token is not known yet. Codex sends it with the first bytes of each connection. */
const maxUnknown = 256;

/** Milliseconds that a connection may take to show its token. */
const tokenTimeoutMs = 5_000;

/**
 * Bounds the connections of programs that have not shown a token: without it any local program could use up the file handles
 * of the host program. The oldest one makes room for a new one, so that such a program cannot keep codex out.
 */
export class ConnectionBounds {
  readonly #unknown = new Map<Socket, { readonly round: number; readonly timer: NodeJS.Timeout }>();
  /** The round of the event loop. Data of a connection is read after the round in which it was accepted. */
  #round = 0;
  #counting = false;

  /** Closes the connection, or an older one, if there are too many. Called for each new connection. */
  add(socket: Socket): void {
    this.#count();
    const [oldest] = this.#unknown;
    if (this.#unknown.size >= maxUnknown && oldest !== undefined) {
      const [other, { round }] = oldest;
      // All of them were accepted in this round: none has been read yet.
      if (round === this.#round) {
        socket.destroy();
        return;
      }
      other.destroy();
      this.admit(other);
    }
    // The data of a connection may wait while the host program blocks its event loop, so it is read before the judgement.
    const timer = setTimeout(() => setImmediate(() => this.#expire(socket)), tokenTimeoutMs).unref();
    this.#unknown.set(socket, { round: this.#round, timer });
    socket.once("close", () => {
      this.admit(socket);
    });
  }

  /** Ends the bounds for a connection that has shown its token, or has closed. */
  admit(socket: Socket): void {
    clearTimeout(this.#unknown.get(socket)?.timer);
    this.#unknown.delete(socket);
  }

  #expire(socket: Socket): void {
    if (this.#unknown.has(socket)) socket.destroy();
  }

  #count(): void {
    if (this.#counting) return;
    this.#counting = true;
    setImmediate(() => {
      this.#round += 1;
      this.#counting = false;
    });
  }
}
