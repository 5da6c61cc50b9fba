import type { ToolEndpoint } from "../../tools/tool-host.js";
import { refuseServerRequest } from "../../protocol/index.js";
import { callAsRequest } from "../hosted-call.js";
import type { TurnMessage } from "../transport.js";
import type { ExecTools, ServedTools } from "./exec-tools.js";
import { joinCalls, SideChannel } from "./join-calls.js";

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
