import fc from "fast-check";
import { describe, expect } from "vitest";
import { CodexError } from "../../src/errors/codex-error.js";
import { isJsonObject, parseJson, type JsonValue } from "../../src/internal/json.js";
import { createJsonRpcPeer, type PeerMessage } from "../../src/rpc/json-rpc-peer.js";
import { readMessage } from "../../src/rpc/read-message.js";
import { createMemoryChannel } from "../unit/rpc/memory-channel.js";
import { fuzz } from "./fuzz.js";
import { anyValue, mutated, mutatedText, nested, realLines } from "./mutations.js";

const lines = realLines("app-server");
const id = fc.oneof(fc.integer({ min: 1, max: 12 }), anyValue);

/** Lines of the other side: real lines that are broken, responses that are right, wrong, doubled or strange, and random text. */
const anyLine: fc.Arbitrary<string> = fc.oneof(
  mutatedText(lines),
  mutated(lines).map((message) => JSON.stringify(message)),
  fc.record({ id, result: anyValue }).map((message) => JSON.stringify(message)),
  fc.record({ id, error: fc.oneof(anyValue, wireError()) }).map((message) => JSON.stringify(message)),
  fc
    .integer({ min: 1, max: 12 })
    .map((number) => `{"id":${number},"error":{"code":1,"data":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`),
  fc
    .record({ id, method: fc.string(), params: anyValue }, { requiredKeys: ["id"] })
    .map((message) => JSON.stringify(message)),
  fc.json(),
  fc.string({ unit: "binary" }),
);

type Step =
  | { readonly do: "ask"; readonly method: string }
  | { readonly do: "abort"; readonly which: number }
  | { readonly do: "hear"; readonly texts: readonly string[]; readonly truncated: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("ask" as const), method: fc.string() }),
  fc.record({ do: fc.constant("abort" as const), which: fc.nat(20) }),
  fc.record({
    do: fc.constant("hear" as const),
    texts: fc.array(anyLine, { maxLength: 4 }),
    truncated: fc.boolean().map((value) => value),
  }),
);

const ending = fc.constantFrom("close", "hang up", "break");

describe("the JSON-RPC peer", () => {
  fuzz(
    "any line is one message",
    1_500,
    fc.property(anyLine, fc.boolean(), (text, truncated) => {
      const message = readMessage({ text, truncated });
      expect(["notification", "request", "result", "error", "broken", "malformed"]).toContain(message.kind);
    }),
  );

  fuzz(
    "each request is settled once, each line emitted once, and the peer continues, whatever the other side sends",
    300,
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), ending, async (steps, end) => {
      const channel = createMemoryChannel();
      const emitted: PeerMessage[] = [];
      const peer = createJsonRpcPeer(channel, {
        onMessage: (message) => emitted.push(message),
        redact: (text) => text.replaceAll("secret", ""),
      });
      const waitFor = async (method: string): Promise<void> => {
        while (!emitted.some((message) => message.kind === "notification" && message.method === method)) {
          if (closed) throw new Error(`closed before ${method} arrived`);
          await new Promise(setImmediate);
        }
      };
      let closed = false;
      void peer.closed.then(() => (closed = true));
      const requests: { readonly controller: AbortController; readonly settled: Promise<string> }[] = [];
      const spoken: string[] = [];
      let delivered = 0;
      for (const now of steps) {
        if (now.do === "ask") {
          const controller = new AbortController();
          const settled = outcomeOf(peer.request(now.method, null, { signal: controller.signal, timeoutMs: Infinity }));
          requests.push({ controller, settled });
        } else if (now.do === "abort") requests[now.which % Math.max(1, requests.length)]?.controller.abort();
        else {
          // A request over the size bound is reported, and refused.
          delivered += now.texts.length * (now.truncated ? 2 : 1);
          if (!now.truncated) spoken.push(...now.texts);
          channel.deliver(...now.texts.map((text) => ({ text, truncated: now.truncated })));
        }
      }

      // The peer continues: after the lines are read, a request is answered, however its id was abused before.
      channel.deliver({ method: "the/middle" });
      await waitFor("the/middle");
      const last = peer.request("last", null, { timeoutMs: Infinity });
      channel.deliver({ id: channel.sent.length, result: "fine" }, { method: "the/end" });
      expect(await last).toBe("fine");
      await waitFor("the/end");

      if (end === "close") peer.close();
      else channel.hangUp(end === "break" ? new Error("broken") : undefined);
      await peer.closed;
      await peer.closed;
      const outcomes = await Promise.all(requests.map(({ settled }) => settled));
      expect(outcomes.every((outcome) => outcome === "answered" || outcome === "failed")).toBe(true);

      // A line that is no response to a request of ours must be emitted. A response may be emitted if it is late.
      const mustBeEmitted = spoken.filter((text) => !mayBeAnswer(parseJson(text)));
      const texts = emitted.map(({ raw }) => raw);
      for (const text of mustBeEmitted) expect(texts).toContain(text);
      expect(emitted.length).toBeLessThanOrEqual(delivered + 2);
    }),
  );
});

function wireError(): fc.Arbitrary<JsonValue> {
  return fc.record({
    code: fc.oneof(fc.constant(-32001), fc.constant(-32600), fc.integer()),
    message: fc.oneof(fc.string(), fc.constant("thread not found")),
    data: fc.oneof(anyValue, fc.integer({ min: 1, max: 3_000 }).map(nested)),
  });
}

async function outcomeOf(answer: Promise<JsonValue>): Promise<string> {
  try {
    await answer;
    return "answered";
  } catch (error) {
    return CodexError.isInstance(error) ? "failed" : `failed with ${String(error)}`;
  }
}

function mayBeAnswer(message: JsonValue | undefined): boolean {
  if (!isJsonObject(message) || typeof message["method"] === "string") return false;
  return typeof message["id"] === "number" || typeof message["id"] === "string";
}
