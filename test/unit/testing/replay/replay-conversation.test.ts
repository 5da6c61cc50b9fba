import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../src/internal/json.js";
import { AppServerPool } from "../../../../src/testing/replay/app-server/app-server-pool.js";
import { Conversation } from "../../../../src/testing/replay/app-server/conversation.js";
import type { ReplayPort } from "../../../../src/testing/replay/app-server/replay-progress.js";
import { RequestMatcher } from "../../../../src/testing/replay/request-matcher.js";
import { lifeOf, type Said } from "./replay-entries.js";

const greeting: readonly Said[] = [
  [">", { id: 1, method: "initialize", params: {} }],
  [">", { method: "initialized" }],
  ["<", { id: 1, result: { userAgent: "codex" } }],
];

describe("a recorded life of an app-server", () => {
  test("says in a thread what follows on a request, under the client's own id [A0.3]", () => {
    const { ask, heard } = converse(...greeting, ...opened("a", 2), ...turn("a", 3, "Hello"));
    ask(7, "initialize");
    ask(8, "thread/start");
    ask(9, "turn/start", { threadId: "a", input: "Hello" });
    expect(heard).toEqual(["7", "8", "thread/started a", "9", "turn/completed a"]);
  });

  test("keeps threads apart: the later one may be asked first [A0.3]", () => {
    const { ask, heard } = converse(
      ...greeting,
      ...[...opened("a", 2, "x"), ...opened("b", 3, "y"), ...turn("a", 4, "One"), ...turn("b", 5, "Two")],
    );
    ask(1, "thread/start", { model: "y" });
    ask(2, "turn/start", { threadId: "b", input: "Two" });
    expect(heard).toEqual(["1", "thread/started b", "2", "turn/completed b"]);
  });

  test("gives threads that began alike to whoever asks what was asked in them [A0.3]", () => {
    const { ask, heard, conversation } = converse(
      ...greeting,
      ...[...opened("id-a", 2), ...opened("id-b", 3), ...turn("id-a", 4, "One"), ...turn("id-b", 5, "Two")],
    );
    ask(1, "initialize");
    ask(2, "thread/start");
    ask(3, "turn/start", { threadId: "id-a", input: "Two" });
    ask(4, "thread/start");
    ask(5, "turn/start", { threadId: "id-b", input: "One" });
    expect(heard).toEqual([
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

  test("refuses what comes too early, what it has not, and what differs, and says what is nearest [A0.3]", () => {
    const { ask, conversation } = converse(
      ...greeting,
      ...opened("a", 2),
      ...turn("a", 3, "One"),
      ...turn("a", 4, "Two"),
    );
    ask(1, "initialize");
    ask(2, "thread/start");
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

  test("does not wait for housekeeping, nor miss it [A0.3]", () => {
    const clean = { method: "thread/backgroundTerminals/clean", params: { threadId: "a" } };
    const { ask, heard, conversation } = converse(
      ...greeting,
      ...opened("a", 2),
      ...turn("a", 3, "One"),
      ...([
        [">", { id: 4, ...clean }],
        ["<", { id: 4, result: {} }],
      ] satisfies Said[]),
      ...turn("a", 5, "Two"),
    );
    ask(1, "initialize");
    ask(2, "thread/start");
    ask(3, "turn/start", { threadId: "a", input: "One" });
    ask(4, "turn/start", { threadId: "a", input: "Two" });
    ask(5, "thread/backgroundTerminals/clean", { threadId: "a" });
    expect(heard.slice(-3)).toEqual(["4", "turn/completed a", "5"]);
    expect(conversation.unused()).toEqual([]);
  });

  test("goes on where a thread is not let go as it was in the recording [A0.3]", () => {
    const { ask, heard, conversation } = converse(
      ...greeting,
      ...opened("a", 2),
      ...turn("a", 3, "One"),
      ...([
        [">", { id: 4, method: "thread/unsubscribe", params: { threadId: "a" } }],
        ["<", { id: 4, result: {} }],
        ["<", { method: "thread/closed", params: { threadId: "a" } }],
        [">", { id: 5, method: "thread/resume", params: { threadId: "a" } }],
        ["<", { id: 5, result: { thread: { id: "a" } } }],
      ] satisfies Said[]),
      ...turn("a", 6, "Two"),
    );
    ask(1, "initialize");
    ask(2, "thread/start");
    ask(3, "turn/start", { threadId: "a", input: "One" });
    ask(4, "turn/start", { threadId: "a", input: "Two" });
    expect(heard.slice(-2)).toEqual(["4", "turn/completed a"]);
    expect(conversation.unused()).toEqual([]);
  });

  test("compares the answer to a request of the server, and goes on [A0.3]", () => {
    const { ask, heard, conversation, port } = converse(
      ...greeting,
      ...opened("a", 2),
      ...([
        ["<", { id: 0, method: "may/i", params: { threadId: "a" } }],
        [">", { id: 0, result: { decision: "decline" } }],
        ["<", { method: "turn/completed", params: { threadId: "a" } }],
      ] satisfies Said[]),
    );
    ask(1, "initialize");
    ask(2, "thread/start");
    expect(conversation.takeAnswer({ id: 0, result: { decision: "accept" } }, port)).toEqual({
      problem: 'answer to may/i: result.decision: recorded "decline", got "accept"',
    });
    expect(heard.slice(-2)).toEqual(["may/i a", "turn/completed a"]);
    expect(conversation.takeAnswer({ id: 0, result: {} }, port)).toBeUndefined();
  });

  test("plays a sub-agent's thread within the one that mentioned it [A0.3]", () => {
    const { ask, heard } = converse(
      ...greeting,
      ...opened("a", 2),
      ...([
        [">", { id: 3, method: "turn/start", params: { threadId: "a", input: "Go" } }],
        ["<", { method: "thread/started", params: { thread: { id: "sub-1" } } }],
        ["<", { method: "item/started", params: { threadId: "a", receivers: ["sub-1"] } }],
        ["<", { method: "turn/completed", params: { threadId: "sub-1" } }],
        ["<", { id: 3, result: {} }],
      ] satisfies Said[]),
    );
    ask(1, "initialize");
    ask(2, "thread/start");
    expect(heard).toEqual(["1", "2", "thread/started a"]);
    ask(3, "turn/start", { threadId: "a", input: "Go" });
    expect(heard.slice(3)).toEqual(["thread/started sub-1", "item/started a", "turn/completed sub-1", "3"]);
  });

  test("dies where it died, and not before [A0.3]", () => {
    const exit = { type: "exit", code: null, signal: "SIGKILL" };
    const start = [">", { id: 3, method: "turn/start", params: { threadId: "a", input: "Go" } }] as const;
    const { ask, conversation } = converse(...greeting, ...opened("a", 2), start, ["!", "out of memory"], exit);
    ask(1, "initialize");
    ask(2, "thread/start");
    expect(conversation.death).toBeUndefined();
    ask(3, "turn/start", { threadId: "a", input: "Go" });
    expect(conversation.death).toMatchObject({ signal: "SIGKILL" });
    const stopped = converse(...greeting, { type: "end", stream: "stdin" }, { ...exit, code: 0, signal: null });
    stopped.ask(1, "initialize");
    expect(stopped.conversation.death).toBeUndefined();
  });
});

test("processes that were started at once change places with the first request that tells them apart [A0.3]", () => {
  const [one, two] = [lifeOf(...greeting, ...opened("a", 2, "x")), lifeOf(...greeting, ...opened("b", 2, "y"))];
  const pool = new AppServerPool([one, two], new RequestMatcher());
  const [first, second] = [{}, {}];
  pool.enter(first);
  pool.enter(second);
  pool.settle(first, { method: "thread/start", params: { model: "y" } });
  expect([pool.conversationOf(first)?.recorded, pool.conversationOf(second)?.recorded]).toEqual([two, one]);
  expect(pool.unused()).toHaveLength(2);
});

/** A conversation, with what it says in short: the id of an answer, or a method with its thread. */
function converse(...said: readonly Said[]) {
  const heard: string[] = [];
  const conversation = new Conversation(lifeOf(...said), new RequestMatcher());
  const port: ReplayPort = {
    send: ({ id, method, params }) => {
      heard.push(
        typeof method === "string"
          ? `${method} ${JSON.stringify(params).replaceAll(/.*?"(?:threadId|id)":"([^"]*)".*/g, "$1")}`
          : JSON.stringify(id),
      );
    },
    write: (stream, text) => void heard.push(`${stream} ${text}`),
  };
  const ask = (id: number, method: string, params: JsonObject = {}): void => {
    const step = conversation.find({ method, params });
    if (step === undefined) throw new Error(conversation.explain({ method, params }));
    conversation.say(step, id, port);
  };
  return { ask, heard, conversation, port };
}

function opened(threadId: string, id: number, model = "m"): readonly Said[] {
  return [
    [">", { id, method: "thread/start", params: { model } }],
    ["<", { id, result: { thread: { id: threadId } } }],
    ["<", { method: "thread/started", params: { thread: { id: threadId } } }],
  ];
}

function turn(threadId: string, id: number, input: string): readonly Said[] {
  return [
    [">", { id, method: "turn/start", params: { threadId, input } }],
    ["<", { id, result: { turn: { id: `turn-${id}` } } }],
    ["<", { method: "turn/completed", params: { threadId } }],
  ];
}
