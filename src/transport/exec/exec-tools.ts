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

/** The environment variable with the token of the endpoint. */
export const tokenVariable = "CODEXKIT_TOOL_TOKEN";

/** The tools that are served to the codex of one turn. */
export interface ServedTools {
  /** Null if the set is empty. */
  readonly endpoint: ToolEndpoint | null;
  /** The difference to the set of the previous turn; null if there is none or the previous set is unknown. */
  readonly change: Omit<ToolsChangedEvent, "threadId" | "turnId"> | null;
  readonly stored: StoredTools;
}

/** The host tools of one thread on exec. The codex of each turn is served the set that is current when the turn starts. */
export class ExecTools {
  readonly #tools: ThreadTools;
  readonly #server: LazyToolServer;
  #stored: StoredTools | "unknown";

  /** `isNew`: the thread has no earlier set to compare with. */
  constructor(tools: ThreadTools, server: LazyToolServer, isNew: boolean) {
    this.#tools = tools;
    this.#server = server;
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
    const change: ServedTools["change"] =
      difference === null ? null : { type: "codexkit.tools.changed", ...difference, served };
    if (served === "none") return { endpoint: null, change, stored };
    const server = await this.#server.get();
    const instructions = toInstructions(definitions);
    return { endpoint: await server.serve({ instructions, tools: () => definitions, call }), change, stored };
  }

  /** Called when a turn with this set has started. */
  note({ stored }: ServedTools): void {
    this.#stored = stored;
  }
}

/**
 * Returns the configuration that the tool server at `url` adds to the user's. Only codex's environment contains the token.
 * The model's shells inherit that environment, so the variable is set to an empty string for them. Unlike an `exclude`, this
 * changes no list of the user.
 */
export function servedToolsConfig(url: string, given: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  const config = toolServerConfig({ url, bearer_token_env_var: tokenVariable }, given);
  const added = Object.entries(config).filter(([path, value]) => given[path] !== value);
  return { ...Object.fromEntries(added), [`shell_environment_policy.set.${tokenVariable}`]: "" };
}

/** The host tools during one turn. Their calls become requests among the messages of the turn. */
export class TurnTools {
  readonly #tools: ExecTools | null;
  readonly #threadId: () => string;
  readonly #calls = new SideChannel<TurnMessage>();
  #served: ServedTools | null = null;

  /** `threadId` returns the id of the thread, or an empty string as long as codex has not sent it. */
  constructor(tools: ExecTools | null, threadId: () => string) {
    this.#tools = tools;
    this.#threadId = threadId;
  }

  /** Opens the endpoint for codex. Returns null if there are no tools. */
  async serve(): Promise<ToolEndpoint | null> {
    if (this.#tools === null) return null;
    this.#served = await this.#tools.serve((call) =>
      callAsRequest(call, this.#threadId(), (message) => this.#calls.push(message)),
    );
    return this.#served.endpoint;
  }

  /** Yields the messages of codex and the tool calls in order of arrival, after the change of the tools, if there is one. */
  async *join(messages: AsyncGenerator<readonly TurnMessage[], void>): AsyncGenerator<readonly TurnMessage[], void> {
    if (this.#served === null) return yield* messages;
    this.#tools?.note(this.#served);
    const { change, endpoint } = this.#served;
    if (change !== null) yield [{ kind: "event", event: { ...change, threadId: this.#threadId(), turnId: null } }];
    if (endpoint === null) return yield* messages;
    try {
      yield* joinCalls(messages, this.#calls);
    } finally {
      this.#refuseRest();
    }
  }

  /** Closes the endpoint and thereby ends the running calls. Idempotent. */
  async end(): Promise<void> {
    this.#refuseRest();
    await this.#served?.endpoint?.close();
  }

  /** Refuses calls that arrive too late for the turn: codex may wait for the answer before it exits. */
  #refuseRest(): void {
    this.#calls.close();
    for (const message of this.#calls.take()) {
      if (message.kind === "request") message.respond(refuseServerRequest(message.request.method));
    }
  }
}
