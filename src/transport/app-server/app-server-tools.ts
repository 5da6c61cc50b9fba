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
import type { ThreadRoute } from "./event-router.js";
import type { LoadedThreads } from "./loaded-threads.js";
import { anySignal } from "../../internal/abort/any-signal.js";

/** The process in which a thread is loaded, or is about to be. */
export interface ThreadPlace {
  readonly connection: Pick<AppServerConnection, "router" | "threads">;
  readonly threadId: string;
}

/**
 * The host tools of one thread. Codex stores the set that a thread was started with for good. Tools that differ from it later
 * are served by the tool server, and calls of the tools that they replace are refused.
 */
export class AppServerTools {
  readonly #tools: ThreadTools | null;
  readonly #server: () => Promise<ToolServer>;
  #stored: StoredTools | "unknown";
  /** The tool definitions that codex knows. */
  #known: readonly ToolDefinition[] | null = null;
  #knownDigests: StoredTools = {};
  /** The set that codex receives with the next load, as far as an event has reported it. */
  #postponed: StoredTools | null = null;
  /** The names of the tools that the tool server serves now. */
  #served: ReadonlySet<string> = new Set();
  #endpoint: ToolEndpoint | null = null;
  /** Refuses each call that came by the tool server and has no answer yet. */
  readonly #calls = new Set<() => void>();
  #change: Omit<ToolsChangedEvent, "threadId" | "turnId"> | null = null;

  constructor(tools: ThreadTools | null, server: () => Promise<ToolServer>) {
    this.#tools = tools;
    this.#stored = tools?.stored ?? {};
    this.#server = server;
  }

  /** The endpoint of the tools that codex does not store with the thread; null if there are none. */
  get endpoint(): object | null {
    return this.#endpoint;
  }

  /** The digests of the tools that codex stores with the thread. */
  get stored(): StoredTools | "unknown" {
    return this.#stored;
  }

  /** Whether codex itself has some of the tools. Only sub-agents that inherit the thread's history receive such tools. */
  get stayWithThread(): boolean {
    return this.#known?.some((definition) => !this.#served.has(qualifiedNameOf(definition))) ?? false;
  }

  /** Whether the set differs from the one that codex knows. Cheap while the caller's set stays the same. */
  get outdated(): boolean {
    const definitions = this.#definitions();
    if (this.#known === null || definitions === this.#known) return false;
    const changed = differenceOf(this.#knownDigests, toStoredTools(definitions)) !== null;
    if (!changed) this.#known = definitions;
    return changed;
  }

  /** The params of `thread/start` that the tools need. */
  toStart(): JsonObject {
    const definitions = this.#definitions();
    this.#stored = toStoredTools(definitions);
    this.#note(definitions);
    return definitions.length === 0 ? {} : { dynamicTools: toDynamicTools(definitions) };
  }

  /** The params of `thread/resume` that the tools need, merged over the others. Unloads the thread if it must be reloaded. */
  async toResume({ connection, threadId }: ThreadPlace, params: JsonObject): Promise<JsonObject> {
    // Another handle may have started the thread since this one was made.
    if (this.#known === null) this.#stored = this.#tools?.stored ?? {};
    await this.#free(connection.threads, threadId);
    const definitions = this.#definitions();
    const foreign = this.#foreign();
    // The earlier tools of a thread that was resumed by its bare id are unknown.
    const before = this.#known === null ? (this.#stored === "unknown" ? {} : this.#stored) : this.#knownDigests;
    const difference = differenceOf(before, toStoredTools(definitions));
    await this.close();
    this.#served = new Set(foreign.map(qualifiedNameOf));
    this.#note(definitions);
    if (difference !== null) {
      this.#change = { type: "codexkit.tools.changed", ...difference, served: foreign.length > 0 ? "mcp" : "none" };
    }
    if (foreign.length === 0) return {};
    const server = await this.#server();
    this.#endpoint = await server.serve({
      instructions: toInstructions(foreign),
      tools: () => foreign,
      call: (call) => this.#call(call, { connection, threadId }),
    });
    const { url, token } = this.#endpoint;
    const config = isJsonObject(params["config"]) ? params["config"] : {};
    // The token goes through the pipe: it is on no argv and in no environment.
    return { config: toolServerConfig({ url, http_headers: { Authorization: `Bearer ${token}` } }, config) };
  }

  /** Records that the set has changed while the thread cannot be reloaded. Codex receives it with the next load. */
  postpone(): void {
    const now = toStoredTools(this.#definitions());
    const difference = differenceOf(this.#postponed ?? this.#knownDigests, now);
    if (difference !== null) this.#change = { type: "codexkit.tools.changed", ...difference, served: "onResume" };
    this.#postponed = now;
  }

  /** The event about changed tools that precedes the next turn, once; or null. */
  takeChange(threadId: string): ToolsChangedEvent | null {
    const change = this.#change;
    this.#change = null;
    return change === null ? null : { ...change, threadId, turnId: null };
  }

  /** Returns the route without calls of replaced tools, which it refuses. */
  guard(route: ThreadRoute): ThreadRoute {
    if (this.#served.size === 0) return route;
    const keep = (batch: readonly TurnMessage[]): readonly TurnMessage[] =>
      batch.filter((message) => !this.#refuseStale(message));
    return {
      turnStarted: route.turnStarted,
      agents: route.agents,
      drain: () => keep(route.drain()),
      close: () => route.close(),
      forEach: (take) => route.forEach((batch) => take(keep(batch))),
    };
  }

  #refuseStale(message: TurnMessage): boolean {
    if (message.kind !== "request" || message.request.method !== "item/tool/call") return false;
    const { params, id } = message.request;
    if (!isJsonObject(params) || isServedCallId(id)) return false;
    const { namespace, tool } = params;
    if (typeof tool !== "string") return false;
    const name = qualifiedNameOf({ name: tool, namespace: typeof namespace === "string" ? namespace : null });
    if (!this.#served.has(name)) return false;
    const text = `The tool ${name} was replaced since this conversation began. Call the one of the MCP server codexkit instead.`;
    message.respond({
      kind: "result",
      result: { contentItems: [{ type: "inputText", text }], success: false },
    });
    return true;
  }

  /** Refuses the calls that are open when their turn has ended. */
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
    const signal = anySignal([call.signal, over.signal]);
    try {
      return await callAsRequest({ ...call, signal }, threadId, (message) =>
        connection.router.route(threadId, message),
      );
    } finally {
      this.#calls.delete(refuse);
    }
  }

  /** Unloads a thread that another handle has loaded with other tools. */
  async #free(threads: LoadedThreads, threadId: string): Promise<void> {
    const hasForeign = this.#foreign().length > 0;
    if (!hasForeign && threads.endpoint(threadId) === null) return;
    if ((await threads.unloadForReload(threadId, { always: true })) || !hasForeign) return;
    const feature = "Resuming a thread with other tools while another handle runs a turn on it";
    throw new UnsupportedFeatureError(feature, "app-server", "wait for that turn to end.");
  }

  #definitions(): readonly ToolDefinition[] {
    return this.#tools?.definitions() ?? noTools;
  }

  /** The tools that codex does not store with the thread, or stores in another form. */
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
    this.#known = definitions;
    this.#knownDigests = toStoredTools(definitions);
    this.#postponed = null;
  }
}

/** Groups tools by namespace, in the order of the first of each. Mirrors `DynamicToolSpec`. */
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
