import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectGarbage } from "../collect-garbage.js";
import type { ThreadEvent } from "../../../../src/protocol/index.js";
import { EventBuffer, mergeDelta, mergeKeyOf } from "../../../../src/thread/stream/event-buffer.js";
import { begin, command, delta, finish, message, started } from "../events.js";

const lifecycle = fc.constantFrom(started(), begin(command("c")), finish(command("c")), begin(message("a", "")));
const deltas = fc.tuple(fc.constantFrom("a", "b"), fc.integer()).map(([id, number]) => delta(id, `<${number}>`));
const events = fc.array(fc.oneof({ weight: 4, arbitrary: deltas }, { weight: 1, arbitrary: lifecycle }));

describe("the event buffer of a turn", () => {
  it("[A1.4] returns every event unchanged and in order below its bound", async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.nat(50), async (given, taken) => {
        const buffer = new EventBuffer(given.length + 1);
        buffer.push(given);
        const read: ThreadEvent[] = [];
        while (read.length < Math.min(taken, given.length)) read.push(await value(buffer));
        expect(read).toEqual(given.slice(0, taken));
        expect(read.every((event, index) => event === given[index])).toBe(true);
      }),
    );
  });

  it("[A1.6] merges deltas above its bound without loss of text, keeps other events, and counts the merged deltas", async () => {
    const step = fc.oneof(
      fc.record({ push: fc.array(fc.oneof(deltas, lifecycle), { maxLength: 12 }) }),
      fc.record({ read: fc.nat(12) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 30 }), async (bound, steps) => {
        const buffer = new EventBuffer(bound);
        const pushed: ThreadEvent[] = [];
        const read: ThreadEvent[] = [];
        for (const each of steps) {
          if ("push" in each) {
            buffer.push(each.push);
            pushed.push(...each.push);
          } else {
            for (let index = 0; index < each.read; index += 1) {
              const pending = pushed.length - unmergedCount(read);
              if (pending > 0) read.push(await value(buffer));
            }
          }
        }
        buffer.end();
        for await (const event of rest(buffer)) read.push(event);

        for (const id of ["a", "b"]) expect(textOf(read, id)).toBe(textOf(pushed, id));
        expect(read.filter(isLifecycle)).toEqual(pushed.filter(isLifecycle));
        expect(unmergedCount(read)).toBe(pushed.length);
      }),
    );
  });

  it("emits one lagging event for consecutive merged deltas", async () => {
    const buffer = new EventBuffer(2);
    buffer.push([delta("a", "1"), delta("a", "2"), delta("a", "3"), delta("a", "4"), delta("a", "5")]);
    const first = await drain(buffer, 4);
    expect(first).toEqual([delta("a", "1"), delta("a", "2"), delta("a", "345"), lagging(2)]);
    buffer.push([delta("a", "6"), delta("a", "7"), delta("a", "8"), delta("a", "9")]);
    expect(await drain(buffer, 4)).toEqual([delta("a", "6"), delta("a", "7"), delta("a", "89"), lagging(1)]);
  });

  it("never merges into a delta that a later delta of its item follows", async () => {
    const buffer = new EventBuffer(2);
    buffer.push([started(), begin(command("c")), delta("a", "1")]);
    await drain(buffer, 2);
    buffer.push([delta("a", "2"), delta("a", "3"), delta("a", "4")]);
    expect(await drain(buffer, 4)).toEqual([delta("a", "1"), delta("a", "2"), delta("a", "34"), lagging(1)]);
  });

  it("does not merge deltas across the start of an item if a provider uses an id again", async () => {
    const again = [begin(message("a", "")), delta("a", "2"), delta("a", "2")];
    const buffer = new EventBuffer(1);
    buffer.push([begin(command("c")), delta("a", "1"), finish(message("a", "1")), ...again]);
    buffer.end();
    const read: ThreadEvent[] = [];
    for await (const event of rest(buffer)) read.push(event);
    expect(read).toEqual([
      begin(command("c")),
      delta("a", "1"),
      finish(message("a", "1")),
      begin(message("a", "")),
      delta("a", "22"),
      lagging(1),
    ]);
  });

  it("[A1.6] keeps 100,000 unread deltas in a few events with all their text", async () => {
    const buffer = new EventBuffer(16);
    for (let index = 0; index < 100_000; index += 1) buffer.push([delta("a", "x"), delta("b", "yy")]);
    buffer.end();
    const read: ThreadEvent[] = [];
    for await (const event of rest(buffer)) read.push(event);
    expect(read.length).toBeLessThan(24);
    expect(textOf(read, "a").length).toBe(100_000);
    expect(textOf(read, "b").length).toBe(200_000);
    expect(read.filter(({ type }) => type === "codexkit.stream.lagging")).toHaveLength(1);
  });

  it("[A1.6] does not keep read events alive if the reader is always one event behind", async () => {
    const buffer = new EventBuffer(16);
    buffer.push([delta("a", "ahead")]);
    const seen: WeakRef<ThreadEvent>[] = [];
    for (let index = 0; index < 1_000; index += 1) {
      buffer.push([delta("a", String(index))]);
      seen.push(new WeakRef(await value(buffer)));
    }
    await collectGarbage();
    expect(seen.filter((event) => event.deref() !== undefined).length).toBeLessThan(100);
  });

  it("serves waiting calls in order", async () => {
    const buffer = new EventBuffer();
    const asked = [buffer.next(), buffer.next(), buffer.next()];
    buffer.push([delta("a", "1"), delta("a", "2")]);
    const late = buffer.next();
    buffer.push([delta("a", "3"), delta("a", "4")]);
    const read = await Promise.all([...asked, late]);
    expect(read.map((result) => (result.done === true ? null : textOf([result.value], "a")))).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  it("ends all waiting calls", async () => {
    const buffer = new EventBuffer();
    const asked = [buffer.next(), buffer.next()];
    buffer.end();
    expect(await Promise.all(asked)).toEqual([done, done]);
    expect(await buffer.next()).toEqual(done);
  });

  it("throws its error once, after the unread events, and is done afterwards", async () => {
    const buffer = new EventBuffer();
    buffer.push([started()]);
    buffer.end(new Error("lost"));
    expect(await buffer.next()).toEqual({ done: false, value: started() });
    await expect(buffer.next()).rejects.toThrow("lost");
    expect(await buffer.next()).toEqual(done);
  });

  it("throws its error at once if unread events are dropped", async () => {
    const buffer = new EventBuffer();
    buffer.push([started(), started()]);
    buffer.end(new Error("aborted"), { drop: true });
    await expect(buffer.next()).rejects.toThrow("aborted");
    expect(await buffer.next()).toEqual(done);
  });

  it("ignores events and further ends after it has ended", async () => {
    const buffer = new EventBuffer();
    buffer.end();
    buffer.end(new Error("late"));
    buffer.push([started()]);
    expect(await buffer.next()).toEqual(done);
  });

  it("returns no more events after `drop()`", async () => {
    const buffer = new EventBuffer();
    buffer.push([started()]);
    buffer.drop();
    expect(await buffer.next()).toEqual(done);
  });
});

describe("merge keys", () => {
  it("differ by the kind, the item and the part of a delta", () => {
    const ids = { threadId: "t", turnId: "u", itemId: "i", delta: "x" };
    const kinds: ThreadEvent[] = [
      { type: "item.agentMessage.delta", ...ids },
      { type: "item.plan.delta", ...ids },
      { type: "item.commandExecution.outputDelta", ...ids },
      { type: "item.reasoning.summaryTextDelta", ...ids, summaryIndex: 0 },
      { type: "item.reasoning.summaryTextDelta", ...ids, summaryIndex: 1 },
      { type: "item.reasoning.textDelta", ...ids, contentIndex: 0 },
    ];
    expect(new Set(kinds.map(mergeKeyOf)).size).toBe(kinds.length);
    for (const event of kinds) expect(mergeDelta(event, event)).toEqual({ ...event, delta: "xx" });
    const [first, second] = kinds;
    if (first !== undefined && second !== undefined) expect(mergeDelta(first, second)).toBeNull();
    expect(mergeKeyOf(started())).toBeNull();
  });
});

const done = { done: true, value: undefined };

function lagging(coalesced: number): ThreadEvent {
  return { type: "codexkit.stream.lagging", threadId: "thread-1", turnId: "turn-1", coalesced };
}

async function value(buffer: EventBuffer): Promise<ThreadEvent> {
  const result = await buffer.next();
  if (result.done === true) throw new Error("the buffer has ended");
  return result.value;
}

async function drain(buffer: EventBuffer, count: number): Promise<ThreadEvent[]> {
  const read: ThreadEvent[] = [];
  while (read.length < count) read.push(await value(buffer));
  return read;
}

async function* rest(buffer: EventBuffer): AsyncGenerator<ThreadEvent> {
  for (let result = await buffer.next(); result.done !== true; result = await buffer.next()) yield result.value;
}

function textOf(list: readonly ThreadEvent[], itemId: string): string {
  return list
    .map((event) => (event.type === "item.agentMessage.delta" && event.itemId === itemId ? event.delta : ""))
    .join("");
}

function isLifecycle({ type }: ThreadEvent): boolean {
  return type !== "item.agentMessage.delta" && type !== "codexkit.stream.lagging";
}

/** Counts the events of the turn: a lagging event counts as the deltas that were merged into others. */
function unmergedCount(list: readonly ThreadEvent[]): number {
  return list.reduce((sum, event) => sum + (event.type === "codexkit.stream.lagging" ? event.coalesced : 1), 0);
}
