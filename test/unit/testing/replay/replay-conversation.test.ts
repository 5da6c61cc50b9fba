import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../src/internal/json.js";
import { AppServerPool } from "../../../../src/testing/replay/app-server/app-server-pool.js";
import { Conversation } from "../../../../src/testing/replay/app-server/conversation.js";
import type { ReplayPort } from "../../../../src/testing/replay/app-server/replay-progress.js";
import { RequestMatcher } from "../../../../src/testing/replay/request-matcher.js";
import { lifeOf, type RecordedEvent } from "./replay-entries.js";

const handshake: readonly RecordedEvent[] = [
  [">", { id: 1, method: "initialize", params: {} }],
  [">", { method: "initialized" }],
  ["<", { id: 1, result: { userAgent: "codex" } }],
];

describe("the replay of an app-server process", () => {
  test("sends the recorded messages after a request, with the client's own id [A0.3]", () => {
    const { request, sent } = converse(...handshake, ...opened("a", 2), ...turn("a", 3, "Hello"));
    request(7, "initialize");
    request(8, "thread/start");
    request(9, "turn/start", { threadId: "a", input: "Hello" });
    expect(sent).toEqual(["7", "8", "thread/started a", "9", "turn/completed a"]);
  });

  test("plays threads independently: the client may use the later one first [A0.3]", () => {
    const { request, sent } = converse(
      ...handshake,
      ...[...opened("a", 2, "x"), ...opened("b", 3, "y"), ...turn("a", 4, "One"), ...turn("b", 5, "Two")],
    );
    request(1, "thread/start", { model: "y" });
    request(2, "turn/start", { threadId: "b", input: "Two" });
    expect(sent).toEqual(["1", "thread/started b", "2", "turn/completed b"]);
  });

  test("swaps threads with equal openings according to the client's next request [A0.3]", () => {
    const { request, sent, conversation } = converse(
      ...handshake,
      ...[...opened("id-a", 2), ...opened("id-b", 3), ...turn("id-a", 4, "One"), ...turn("id-b", 5, "Two")],
    );
    request(1, "initialize");
    request(2, "thread/start");
    request(3, "turn/start", { threadId: "id-a", input: "Two" });
    request(4, "thread/start");
    request(5, "turn/start", { threadId: "id-b", input: "One" });
    expect(sent).toEqual([
      "1",
      "2",
      "thread/started id-a",
      "3",
      "turn/completed id-a",
      "4",
      "thread/started id-b",
      "5",
      "turn/completed id-b",
    ]);
    expect(conversation.unused()).toEqual([]);
  });

  test("explains a request that comes too early, is missing, or differs, by the nearest recorded one [A0.3]", () => {
    const { request, conversation } = converse(
      ...handshake,
      ...opened("a", 2),
      ...turn("a", 3, "One"),
      ...turn("a", 4, "Two"),
    );
    request(1, "initialize");
    request(2, "thread/start");
    const explain = (method: string, params: JsonObject) => {
      expect(conversation.find({ method, params })).toBeUndefined();
      return conversation.explain({ method, params });
    };
    expect(explain("turn/start", { threadId: "a", input: "Two" })).toBe(
      "in the recording it comes later; it awaits turn/start",
    );
    expect(explain("turn/start", { threadId: "a", input: "Three" })).toBe(
      'it is not as recorded at input: recorded "One", got "Three"',
    );
    expect(explain("model/list", {})).toBe("the recording has no model/list; it awaits turn/start");
    expect(conversation.unused()).toEqual(["turn/start", "turn/start"]);
  });

  test("neither waits for housekeeping requests nor requires them [A0.3]", () => {
    const clean = { method: "thread/backgroundTerminals/clean", params: { threadId: "a" } };
    const { request, sent, conversation } = converse(
      ...handshake,
      ...opened("a", 2),
      ...turn("a", 3, "One"),
      ...([
        [">", { id: 4, ...clean }],
        ["<", { id: 4, result: {} }],
      ] satisfies RecordedEvent[]),
      ...turn("a", 5, "Two"),
    );
    request(1, "initialize");
    request(2, "thread/start");
    request(3, "turn/start", { threadId: "a", input: "One" });
    request(4, "turn/start", { threadId: "a", input: "Two" });
    request(5, "thread/backgroundTerminals/clean", { threadId: "a" });
    expect(sent.slice(-3)).toEqual(["4", "turn/completed a", "5"]);
    expect(conversation.unused()).toEqual([]);
  });

  test("continues if the client does not unsubscribe from a thread as recorded [A0.3]", () => {
    const { request, sent, conversation } = converse(
      ...handshake,
      ...opened("a", 2),
      ...turn("a", 3, "One"),
      ...([
        [">", { id: 4, method: "thread/unsubscribe", params: { threadId: "a" } }],
        ["<", { id: 4, result: {} }],
        ["<", { method: "thread/closed", params: { threadId: "a" } }],
        [">", { id: 5, method: "thread/resume", params: { threadId: "a" } }],
        ["<", { id: 5, result: { thread: { id: "a" } } }],
      ] satisfies RecordedEvent[]),
      ...turn("a", 6, "Two"),
    );
    request(1, "initialize");
    request(2, "thread/start");
    request(3, "turn/start", { threadId: "a", input: "One" });
    request(4, "turn/start", { threadId: "a", input: "Two" });
    expect(sent.slice(-2)).toEqual(["4", "turn/completed a"]);
    expect(conversation.unused()).toEqual([]);
  });

  test("compares the answer to a request of the server, and continues [A0.3]", () => {
    const { request, sent, conversation, port } = converse(
      ...handshake,
      ...opened("a", 2),
      ...([
        ["<", { id: 0, method: "may/i", params: { threadId: "a" } }],
        [">", { id: 0, result: { decision: "decline" } }],
        ["<", { method: "turn/completed", params: { threadId: "a" } }],
      ] satisfies RecordedEvent[]),
    );
    request(1, "initialize");
    request(2, "thread/start");
    expect(conversation.takeAnswer({ id: 0, result: { decision: "accept" } }, port)).toEqual({
      problem: 'answer to may/i: result.decision: recorded "decline", got "accept"',
    });
    expect(sent.slice(-2)).toEqual(["may/i a", "turn/completed a"]);
    expect(conversation.takeAnswer({ id: 0, result: {} }, port)).toBeUndefined();
  });

  test("plays a sub-agent's thread in the thread that mentioned it [A0.3]", () => {
    const { request, sent } = converse(
      ...handshake,
      ...opened("a", 2),
      ...([
        [">", { id: 3, method: "turn/start", params: { threadId: "a", input: "Go" } }],
        ["<", { method: "thread/started", params: { thread: { id: "sub-1" } } }],
        ["<", { method: "item/started", params: { threadId: "a", receivers: ["sub-1"] } }],
        ["<", { method: "turn/completed", params: { threadId: "sub-1" } }],
        ["<", { id: 3, result: {} }],
      ] satisfies RecordedEvent[]),
    );
    request(1, "initialize");
    request(2, "thread/start");
    expect(sent).toEqual(["1", "2", "thread/started a"]);
    request(3, "turn/start", { threadId: "a", input: "Go" });
    expect(sent.slice(3)).toEqual(["thread/started sub-1", "item/started a", "turn/completed sub-1", "3"]);
  });

  test("ends at the recorded point, and not earlier [A0.3]", () => {
    const exit = { type: "exit", code: null, signal: "SIGKILL" };
    const start = [">", { id: 3, method: "turn/start", params: { threadId: "a", input: "Go" } }] as const;
    const { request, conversation } = converse(...handshake, ...opened("a", 2), start, ["!", "out of memory"], exit);
    request(1, "initialize");
    request(2, "thread/start");
    expect(conversation.exit).toBeUndefined();
    request(3, "turn/start", { threadId: "a", input: "Go" });
    expect(conversation.exit).toMatchObject({ signal: "SIGKILL" });
    const stopped = converse(...handshake, { type: "end", stream: "stdin" }, { ...exit, code: 0, signal: null });
    stopped.request(1, "initialize");
    expect(stopped.conversation.exit).toBeUndefined();
  });
});

test("processes that start at once are reassigned by the first request that distinguishes them [A0.3]", () => {
  const [one, two] = [lifeOf(...handshake, ...opened("a", 2, "x")), lifeOf(...handshake, ...opened("b", 2, "y"))];
  const pool = new AppServerPool([one, two], new RequestMatcher());
  const [first, second] = [{}, {}];
  pool.enter(first);
  pool.enter(second);
  pool.settle(first, { method: "thread/start", params: { model: "y" } });
  expect([pool.conversationOf(first)?.recorded, pool.conversationOf(second)?.recorded]).toEqual([two, one]);
  expect(pool.unused()).toHaveLength(2);
});

/** Creates a conversation. `sent` lists its output in short form: the id of an answer, or a method with its thread. */
function converse(...events: readonly RecordedEvent[]) {
  const sent: string[] = [];
  const conversation = new Conversation(lifeOf(...events), new RequestMatcher());
  const port: ReplayPort = {
    send: ({ id, method, params }) => {
      sent.push(
        typeof method === "string"
          ? `${method} ${JSON.stringify(params).replaceAll(/.*?"(?:threadId|id)":"([^"]*)".*/g, "$1")}`
          : JSON.stringify(id),
      );
    },
    write: (stream, text) => void sent.push(`${stream} ${text}`),
  };
  const request = (id: number, method: string, params: JsonObject = {}): void => {
    const step = conversation.find({ method, params });
    if (step === undefined) throw new Error(conversation.explain({ method, params }));
    conversation.play(step, id, port);
  };
  return { request, sent, conversation, port };
}

function opened(threadId: string, id: number, model = "m"): readonly RecordedEvent[] {
  return [
    [">", { id, method: "thread/start", params: { model } }],
    ["<", { id, result: { thread: { id: threadId } } }],
    ["<", { method: "thread/started", params: { thread: { id: threadId } } }],
  ];
}

function turn(threadId: string, id: number, input: string): readonly RecordedEvent[] {
  return [
    [">", { id, method: "turn/start", params: { threadId, input } }],
    ["<", { id, result: { turn: { id: `turn-${id}` } } }],
    ["<", { method: "turn/completed", params: { threadId } }],
  ];
}
