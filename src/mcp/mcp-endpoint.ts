import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ToolEndpointOptions } from "../tools/tool-server.js";
import type { McpSdk } from "./mcp-sdk.js";
import { refuse } from "./refuse.js";
import { type ConnectionSignals, createSessionServer } from "./session-server.js";

/** The maximum size of a request, in bytes. Arguments can be whole files. */
const maxBodyBytes = 64 * 1024 * 1024;

/** codex opens one session per thread and connection, and ends it when it unloads the thread. */
const maxSessions = 256;

/** A set of tools with its own address, token and MCP sessions. */
export class McpEndpoint {
  readonly path = `/${randomUUID()}`;
  readonly token = randomBytes(32).toString("hex");
  readonly #expected = digest(`Bearer ${this.token}`);
  readonly #sdk: McpSdk;
  readonly #options: ToolEndpointOptions;
  readonly #sessions = new Map<string, Session>();
  /** Signals that abort when a request's connection closes. The SDK passes the key, a request's `auth`, to the handlers. */
  readonly #gone: ConnectionSignals = new WeakMap();
  #opening = 0;
  #closed = false;

  constructor(sdk: McpSdk, options: ToolEndpointOptions) {
    this.#sdk = sdk;
    this.#options = options;
  }

  /** Whether the request has the token of this endpoint. */
  hasToken(request: IncomingMessage): boolean {
    return timingSafeEqual(digest(request.headers.authorization ?? ""), this.#expected);
  }

  /** Answers a request that has the token. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers["mcp-session-id"];
    if (typeof id === "string") {
      const session = this.#sessions.get(id);
      if (session === undefined) return refuse(response, 404, "Session not found");
      return this.#pass(session, request, response);
    }
    if (this.#sessions.size + this.#opening >= maxSessions) return refuse(response, 503, "Too many sessions.");
    this.#opening += 1;
    try {
      await this.#passToNew(request, response);
    } finally {
      this.#opening -= 1;
    }
  }

  /** Ends the sessions and their running calls. Idempotent; it never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(sessions.map(({ end }) => end()));
  }

  async #passToNew(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const session = await this.#openSession();
    await this.#pass(session, request, response);
    // The request was not an `initialize`, or the endpoint was closed in the meantime.
    if (![...this.#sessions.values()].includes(session)) await session.end();
  }

  async #openSession(): Promise<Session> {
    const transport = new this.#sdk.StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: maxBodyBytes,
      onsessioninitialized: (id) => {
        if (!this.#closed) this.#sessions.set(id, session);
      },
      onsessionclosed: (id) => {
        this.#sessions.delete(id);
      },
    });
    const server = createSessionServer(this.#sdk, this.#options, this.#gone);
    const session = { transport, end: () => server.close() };
    await server.connect(transport);
    return session;
  }

  async #pass({ transport }: Session, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    const auth = { token: "", clientId: "codex", scopes: [] };
    this.#gone.set(auth, gone.signal);
    await transport.handleRequest(Object.assign(request, { auth }), response);
  }
}

interface Session {
  readonly transport: InstanceType<McpSdk["StreamableHTTPServerTransport"]>;
  readonly end: () => Promise<void>;
}

/** A digest has the same length for every text, so that the comparison leaks nothing by its duration. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
