import { asObject, asText, type JsonObject, type JsonValue } from "../../../internal/json.js";

/** A line of a recording before it is converted to a step. */
export interface Recorded {
  readonly index: number;
  readonly from: "client" | "server";
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** The message, or undefined if the line is not a JSON object. */
  readonly message: JsonObject | undefined;
}

/**
 * Returns a function that finds the thread of a message. A request that opens a thread belongs to that thread, whose id
 * is in the answer. A thread without such a request belongs to a sub-agent: its messages belong to the thread that first
 * mentioned it.
 */
export function createThreadFinder(
  recorded: readonly Recorded[],
  responseTo: (id: JsonValue) => JsonObject | undefined,
): (one: Recorded) => string | null {
  const named = new Map(recorded.map((one) => [one, threadNamedBy(one)]));
  const first = new Map<string, Recorded>();
  for (const [one, thread] of named) if (thread !== null && !first.has(thread)) first.set(thread, one);
  const parents = new Map(
    [...first].filter(([, { from }]) => from === "server").map(([thread]) => [thread, parentOf(thread)]),
  );
  return (one) => {
    let thread = named.get(one) ?? null;
    const seen = new Set<string>();
    while (thread !== null && parents.has(thread) && !seen.has(thread)) {
      seen.add(thread);
      thread = parents.get(thread) ?? null;
    }
    return thread;
  };

  function threadNamedBy({ from, message }: Recorded): string | null {
    if (message === undefined) return null;
    const { id, method } = message;
    if (method === undefined) return id === undefined ? null : threadOfAnswer(from, id);
    const opened = from === "client" && id !== undefined ? openedBy(responseTo(id)) : null;
    return opened ?? threadIn(asObject(message["params"]));
  }

  /** Returns the thread of the request that the answer belongs to, which the other side sent. */
  function threadOfAnswer(from: "client" | "server", id: JsonValue): string | null {
    const request = recorded.find(
      (one) => one.from !== from && one.message?.["method"] !== undefined && one.message["id"] === id,
    );
    return request === undefined ? null : threadNamedBy(request);
  }

  function parentOf(thread: string): string | null {
    const mention = recorded.find(
      (one) =>
        one.from === "server" && one.message !== undefined && named.get(one) !== thread && one.text.includes(thread),
    );
    return mention === undefined ? null : (named.get(mention) ?? null);
  }
}

function openedBy(response: JsonObject | undefined): string | null {
  const { thread, reviewThreadId } = asObject(response?.["result"]);
  return asText(asObject(thread)["id"]) ?? asText(reviewThreadId);
}

/** Returns the thread id in the params, which has one of three names in the protocol. */
function threadIn({ threadId, conversationId, thread }: JsonObject): string | null {
  return asText(threadId) ?? asText(conversationId) ?? asText(asObject(thread)["id"]);
}
