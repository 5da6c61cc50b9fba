import { createDeferred } from "../../../src/internal/deferred.js";
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import type { Line, LineChannel } from "../../../src/internal/lines/line-channel.js";

/** A channel whose other side is the test: the test reads the sent lines and sends its own at any time. */
export interface MemoryChannel extends LineChannel {
  readonly sent: JsonObject[];
  readonly ended: boolean;
  /** Sends one batch, as one chunk of input would yield it. */
  deliver(...messages: readonly (JsonValue | Line)[]): void;
  hangUp(error?: Error): void;
  refuseWrites(error: Error): void;
}

export function createMemoryChannel(): MemoryChannel {
  const sent: JsonObject[] = [];
  const batches: Line[][] = [];
  let arrived = createDeferred<undefined>();
  let end: { readonly error: Error | undefined } | undefined;
  let refusal: Error | undefined;
  let ended = false;

  async function* read(): AsyncGenerator<readonly Line[]> {
    for (;;) {
      while (batches.length > 0) yield batches.shift() ?? [];
      if (end?.error !== undefined) throw end.error;
      if (end !== undefined) return;
      await arrived.promise;
      arrived = createDeferred();
    }
  }

  return {
    sent,
    lines: read(),
    get ended() {
      return ended;
    },
    write(line) {
      if (refusal !== undefined) return Promise.reject(refusal);
      const message = parseJson(line);
      if (!isJsonObject(message) || line.includes("\n")) throw new Error(`not one line of JSON: ${line}`);
      sent.push(message);
      return Promise.resolve();
    },
    end() {
      ended = true;
    },
    deliver(...messages) {
      batches.push(
        messages.map((message) => (isLine(message) ? message : { text: JSON.stringify(message), truncated: false })),
      );
      arrived.resolve(undefined);
    },
    hangUp(error) {
      end = { error };
      arrived.resolve(undefined);
    },
    refuseWrites(error) {
      refusal = error;
    },
  };
}

function isLine(value: JsonValue | Line): value is Line {
  return isJsonObject(value) && typeof value["truncated"] === "boolean" && typeof value["text"] === "string";
}
