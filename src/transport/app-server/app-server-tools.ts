import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import type { ToolsChangedEvent } from "../../protocol/index.js";
import { differenceOf, qualifiedNameOf, type StoredTools, toStoredTools } from "../../tools/stored-tools.js";
import type { ToolDefinition } from "../../tools/tool-definition.js";
import type { ServedToolCall, ServedToolResult, ToolEndpoint, ToolServer } from "../../tools/tool-server.js";
import { toInstructions } from "../../tools/to-instructions.js";
import { callAsRequest, isServedCallId } from "../served-call.js";
import { toolServerConfig } from "../config/tool-server-config.js";
import type { ThreadTools, TurnMessage } from "../transport.js";
import type { AppServerConnection } from "./app-server-connection.js";
import type { LoadedThreads } from "./loaded-threads.js";

/** Where a thread is, or is about to be. */
export interface ThreadPlace {
  readonly connection: Pick<AppServerConnection, "router" | "threads">;
  readonly threadId: string;
}

/**
 * How the host's tools reach codex on one thread. Codex keeps the set that a thread was started with for good, so what
 * differs from it later is served by MCP on loopback, and calls of what it has replaced are refused.
 */
export class AppServerTools {
  readonly #tools: ThreadTools | null;
  readonly #host: () => Promise<ToolServer>;
  #stored: StoredTools | "unknown";
  /** The set codex was told of last, and as what it was given to us. */
  #served: readonly ToolDefinition[] | null = null;
  #servedDigests: StoredTools = {};
  /** The set that codex will be told of later, as far as the caller knows of it. */
  #postponed: StoredTools | null = null;
  /** The names of the tools that are served by MCP now. */
  #hosted: ReadonlySet<string> = new Set();
  #endpoint: ToolEndpoint | null = null;
  /** What refuses each call that came by MCP and has no answer yet. */
  readonly #calls = new Set<() => void>();
  #news: Omit<ToolsChangedEvent, "threadId" | "turnId"> | null = null;

  constructor(tools: ThreadTools | null, host: () => Promise<ToolServer>) {
    this.#tools = tools;
    this.#stored = tools?.stored ?? {};
    this.#host = host;
  }

  /** Where the tools are served that codex does not keep with the thread; null where there are none. */
  get endpoint(): object | null {
    return this.#endpoint;
  }

  /** What codex keeps with the thread. */
  get stored(): StoredTools | "unknown" {
    return this.#stored;
  }

  /** Whether the set is another one than codex was told of. It costs nothing while the caller's set stays the same. */
  get outdated(): boolean {
    const definitions = this.#definitions();
    if (this.#served === null || definitions === this.#served) return false;
    const changed = differenceOf(this.#servedDigests, toStoredTools(definitions)) !== null;
    if (!changed) this.#served = definitions;
    return changed;
  }

  /** The params of `thread/start` that the tools need. */
  toStart(): JsonObject {
    const definitions = this.#definitions();
    this.#stored = toStoredTools(definitions);
    this.#note(definitions);
    return definitions.length === 0 ? {} : { dynamicTools: toDynamicTools(definitions) };
  }

  /** The params of `thread/resume` that the tools need, over the others. The thread is free to be loaded with them then. */
  async toResume({ connection, threadId }: ThreadPlace, params: JsonObject): Promise<JsonObject> {
    // Another handle may have started the thread since this one was made.
    if (this.#served === null) this.#stored = this.#tools?.stored ?? {};
    await this.#free(connection.threads, threadId);
    const definitions = this.#definitions();
    const hosted = this.#foreign();
    // Of a thread that was resumed by its bare id nobody knows here what it had before.
    const before = this.#served === null ? (this.#stored === "unknown" ? {} : this.#stored) : this.#servedDigests;
    const difference = differenceOf(before, toStoredTools(definitions));
    await this.close();
    this.#hosted = new Set(hosted.map(qualifiedNameOf));
    this.#note(definitions);
    if (difference !== null) {
      this.#news = { type: "codexkit.tools.changed", ...difference, served: hosted.length > 0 ? "mcp" : "none" };
    }
    if (hosted.length === 0) return {};
    const host = await this.#host();
    this.#endpoint = await host.serve({
      instructions: toInstructions(hosted),
      tools: () => hosted,
      call: (call) => this.#call(call, { connection, threadId }),
    });
    const { url, token } = this.#endpoint;
    const config = isJsonObject(params["config"]) ? params["config"] : {};
    // By the pipe, so that the token is on no argv and in nobody's environment.
    return { config: toolServerConfig({ url, http_headers: { Authorization: `Bearer ${token}` } }, config) };
  }

  /** The set has changed and codex cannot be told now. It is told as soon as the thread can be loaded anew. */
  postpone(): void {
    const now = toStoredTools(this.#definitions());
    const difference = differenceOf(this.#postponed ?? this.#servedDigests, now);
    if (difference !== null) this.#news = { type: "codexkit.tools.changed", ...difference, served: "onResume" };
    this.#postponed = now;
  }

  /** What the caller should know of the tools before the next turn, once; or null. */
  takeNews(threadId: string): ToolsChangedEvent | null {
    const news = this.#news;
    this.#news = null;
    return news === null ? null : { ...news, threadId, turnId: null };
  }

  /** Answers a call of a tool that codex has from before and that is another one now. True where it did. */
  refuseStale(message: TurnMessage): boolean {
    if (message.kind !== "request" || message.request.method !== "item/tool/call") return false;
    const { params, id } = message.request;
    if (!isJsonObject(params) || isServedCallId(id)) return false;
    const { namespace, tool } = params;
    if (typeof tool !== "string") return false;
    const name = qualifiedNameOf({ name: tool, namespace: typeof namespace === "string" ? namespace : null });
    if (!this.#hosted.has(name)) return false;
    const text = `The tool ${name} was replaced since this conversation began. Call the one of the MCP server codexkit instead.`;
    message.respond({
      kind: "result",
      result: { contentItems: [{ type: "inputText", text }], success: false },
    });
    return true;
  }

  /** The turn is over: what came too late for it would wait for ever. */
  refuseCalls(): void {
    for (const refuse of this.#calls) refuse();
  }

  async close(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#endpoint = null;
    await endpoint?.close();
  }

  async #call(call: ServedToolCall, { connection, threadId }: ThreadPlace): Promise<ServedToolResult> {
    const over = new AbortController();
    const refuse = (): void => over.abort();
    this.#calls.add(refuse);
    const signal = AbortSignal.any([call.signal, over.signal]);
    try {
      return await callAsRequest({ ...call, signal }, threadId, (message) =>
        connection.router.route(threadId, message),
      );
    } finally {
      this.#calls.delete(refuse);
    }
  }

  /** A thread that another handle has loaded keeps what it was loaded with. */
  async #free(threads: LoadedThreads, threadId: string): Promise<void> {
    const hosts = this.#foreign().length > 0;
    if (!hosts && threads.endpoint(threadId) === null) return;
    if ((await threads.release(threadId, { always: true })) || !hosts) return;
    const feature = "Resuming a thread with other tools while another handle runs a turn on it";
    throw new UnsupportedFeatureError(feature, "app-server", "wait for that turn to end.");
  }

  #definitions(): readonly ToolDefinition[] {
    return this.#tools?.definitions() ?? noTools;
  }

  /** What codex does not keep with the thread, or not as it is now. */
  #foreign(): readonly ToolDefinition[] {
    const definitions = this.#definitions();
    const stored = this.#stored === "unknown" ? {} : this.#stored;
    const now = toStoredTools(definitions);
    return definitions.filter((definition) => {
      const name = qualifiedNameOf(definition);
      return stored[name] !== now[name];
    });
  }

  #note(definitions: readonly ToolDefinition[]): void {
    this.#served = definitions;
    this.#servedDigests = toStoredTools(definitions);
    this.#postponed = null;
  }
}

/** Tools of one namespace go out together, in the order of their first. Mirrors `DynamicToolSpec`. */
function toDynamicTools(definitions: readonly ToolDefinition[]): JsonValue {
  const specs: JsonObject[] = [];
  const spaces = new Map<string, JsonObject[]>();
  for (const { name, namespace, description, inputSchema } of definitions) {
    const spec = { type: "function", name, description, inputSchema };
    const known = namespace === null ? specs : spaces.get(namespace);
    if (known !== undefined) known.push(spec);
    else if (namespace !== null) {
      const tools = [spec];
      spaces.set(namespace, tools);
      specs.push({ type: "namespace", name: namespace, description: `Tools of ${namespace}.`, tools });
    }
  }
  return specs;
}

const noTools: readonly ToolDefinition[] = [];
