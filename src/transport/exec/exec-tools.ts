import type { JsonValue } from "../../internal/json.js";
import { type ToolsChangedEvent, refuseServerRequest } from "../../protocol/index.js";
import { differenceOf, type StoredTools, toStoredTools } from "../../tools/stored-tools.js";
import { toInstructions } from "../../tools/to-instructions.js";
import type { ServedToolCall, ServedToolResult, ToolEndpoint } from "../../tools/tool-server.js";
import { toolServerConfig } from "../config/tool-server-config.js";
import type { LazyToolServer } from "../lazy-tool-server.js";
import type { ThreadTools, TurnMessage } from "../transport.js";
import { callAsRequest } from "../served-call.js";
import { joinCalls, SideChannel } from "./join-calls.js";

/** Where codex finds the token of its endpoint. */
export const tokenVariable = "CODEXKIT_TOOL_TOKEN";

/** The set that one turn's codex is served. */
export interface ServedTools {
  /** Null where the set is empty. */
  readonly endpoint: ToolEndpoint | null;
  /** In what the set differs from the one of the turn before; null where it does not, or nobody knows. */
  readonly news: Omit<ToolsChangedEvent, "threadId" | "turnId"> | null;
  readonly stored: StoredTools;
}

/** How the host's tools reach codex on one thread of exec: each turn's codex is served the set of its moment. */
export class ExecTools {
  readonly #tools: ThreadTools;
  readonly #host: LazyToolServer;
  #stored: StoredTools | "unknown";

  /** A thread that `isNew` had no tools to differ from. */
  constructor(tools: ThreadTools, host: LazyToolServer, isNew: boolean) {
    this.#tools = tools;
    this.#host = host;
    this.#stored = isNew ? "unknown" : tools.stored;
  }

  /** The set of the last turn. */
  get stored(): StoredTools | "unknown" {
    return this.#stored;
  }

  async serve(call: (call: ServedToolCall) => Promise<ServedToolResult>): Promise<ServedTools> {
    const definitions = this.#tools.definitions();
    const stored = toStoredTools(definitions);
    const difference = this.#stored === "unknown" ? null : differenceOf(this.#stored, stored);
    const served = definitions.length === 0 ? "none" : "mcp";
    const news: ServedTools["news"] =
      difference === null ? null : { type: "codexkit.tools.changed", ...difference, served };
    if (served === "none") return { endpoint: null, news, stored };
    const host = await this.#host.get();
    const instructions = toInstructions(definitions);
    return { endpoint: await host.serve({ instructions, tools: () => definitions, call }), news, stored };
  }

  /** A turn with this set has started. */
  note({ stored }: ServedTools): void {
    this.#stored = stored;
  }
}

/**
 * The configuration that `url` adds to `given`, the user's own. The token is in codex's environment and nowhere else; the
 * model's shells, which inherit that, get an empty text in its place: a value of a name of ours touches no list of the user's.
 */
export function servedToolsConfig(url: string, given: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  const config = toolServerConfig({ url, bearer_token_env_var: tokenVariable }, given);
  const added = Object.entries(config).filter(([path, value]) => given[path] !== value);
  return { ...Object.fromEntries(added), [`shell_environment_policy.set.${tokenVariable}`]: "" };
}

/** The host's tools during one turn: their calls become requests among what the turn says. */
export class TurnTools {
  readonly #tools: ExecTools | null;
  readonly #threadId: () => string;
  readonly #calls = new SideChannel<TurnMessage>();
  #served: ServedTools | null = null;

  /** `threadId` is what codex has told of it so far. */
  constructor(tools: ExecTools | null, threadId: () => string) {
    this.#tools = tools;
    this.#threadId = threadId;
  }

  /** Opens the endpoint for codex; null where there are no tools. */
  async serve(): Promise<ToolEndpoint | null> {
    if (this.#tools === null) return null;
    this.#served = await this.#tools.serve((call) =>
      callAsRequest(call, call.threadId ?? this.#threadId(), (message) => this.#calls.push(message)),
    );
    return this.#served.endpoint;
  }

  /** What codex says, with the calls in it, and first of all in what the tools are other than before. */
  async *join(told: AsyncGenerator<readonly TurnMessage[], void>): AsyncGenerator<readonly TurnMessage[], void> {
    if (this.#served === null) return yield* told;
    this.#tools?.note(this.#served);
    const { news, endpoint } = this.#served;
    if (news !== null) yield [{ kind: "event", event: { ...news, threadId: this.#threadId(), turnId: null } }];
    if (endpoint === null) return yield* told;
    try {
      yield* joinCalls(told, this.#calls);
    } finally {
      this.#refuseRest();
    }
  }

  /** Closes the endpoint, and by that ends the calls under way. Idempotent. */
  async end(): Promise<void> {
    this.#refuseRest();
    await this.#served?.endpoint?.close();
  }

  /** What comes too late for the turn is answered all the same: codex may wait for it before it leaves. */
  #refuseRest(): void {
    this.#calls.close();
    for (const message of this.#calls.take()) {
      if (message.kind === "request") message.respond(refuseServerRequest(message.request.method));
    }
  }
}
