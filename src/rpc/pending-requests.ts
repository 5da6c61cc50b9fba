import type { CodexError } from "../errors/codex-error.js";
import { ProtocolError } from "../errors/protocol-error.js";
import { createDeferred, type Deferred } from "../internal/deferred.js";
import type { JsonValue } from "../internal/json.js";
import { redactBounded } from "../internal/secrets/redact-bounded.js";
import { redactJson } from "../internal/secrets/secret-values.js";
import type { ReadMessage } from "./read-message.js";
import { RpcError, RpcOverloadedError, type WireError } from "./rpc-errors.js";

const overloadedCode = -32001;

/** The limit of aborted requests whose response is still expected. The oldest are forgotten. */
const maxGivenUp = 1_000;

export type Response = Extract<ReadMessage, { readonly kind: "result" | "error" | "broken" }>;

export interface PendingRequests {
  add(method: string): { readonly id: number; readonly answer: Promise<JsonValue>; reject(error: unknown): void };
  /** Settles the request of this response. Returns a sentence for a log if no request is pending for it. */
  settle(response: Response): string | undefined;
  /** Rejects the request. A late response is ignored after an abort, and reported after a timeout. */
  giveUp(id: number, error: CodexError): void;
  rejectAll(error: CodexError): void;
}

/** The requests that were sent and are not answered yet. */
export function createPendingRequests(redact: (text: string) => string = (text) => text): PendingRequests {
  const requests = new Map<string | number, { readonly method: string; readonly answer: Deferred<JsonValue> }>();
  const aborted = new Set<string | number>();
  let lastId = 0;

  function settle(response: Response): string | undefined {
    const { id } = response;
    const request = requests.get(id);
    if (request === undefined) return aborted.delete(id) ? undefined : describeStray(id);
    requests.delete(id);
    const { method, answer } = request;
    if (response.kind === "result") answer.resolve(response.result);
    else if (response.kind === "error") answer.reject(toError(method, response.error));
    else answer.reject(new ProtocolError(`The answer to ${method} cannot be used. ${response.problem}`));
    return undefined;
  }

  function describeStray(id: string | number): string {
    const ours = typeof id === "number" && id >= 1 && id <= lastId;
    return ours ? "The response is late, or the second to its request." : "The response has an id that was never sent.";
  }

  function toError(method: string, { code, message, data }: WireError): CodexError {
    const shown = data === undefined ? undefined : redactJson(data, (text) => redactBounded(text, redact));
    if (code === overloadedCode) return new RpcOverloadedError(method, shown);
    return new RpcError(method, { code, message: redactBounded(message, redact), data: shown });
  }

  return {
    add(method) {
      const id = (lastId += 1);
      const answer = createDeferred<JsonValue>();
      requests.set(id, { method, answer });
      const reject = (error: unknown): void => {
        requests.delete(id);
        answer.reject(error);
      };
      return { id, answer: answer.promise, reject };
    },
    settle,
    giveUp(id, error) {
      requests.get(id)?.answer.reject(error);
      requests.delete(id);
      if (error.code !== "ABORTED") return;
      aborted.add(id);
      for (const oldest of aborted) {
        if (aborted.size <= maxGivenUp) break;
        aborted.delete(oldest);
      }
    },
    rejectAll(error) {
      for (const { answer } of requests.values()) answer.reject(error);
      requests.clear();
      aborted.clear();
    },
  };
}
