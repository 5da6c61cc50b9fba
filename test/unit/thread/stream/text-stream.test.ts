import { describe, expect, it } from "vitest";
import type { ThreadEvent } from "../../../../src/protocol/index.js";
import { textStreamOf } from "../../../../src/thread/stream/text-stream.js";
import { begin, delta, ended, finish, message, started } from "../events.js";

describe("the stream of text", () => {
  it("yields deltas as they arrive, and does not repeat the finished message", async () => {
    expect(
      await read([begin(message("m", "")), delta("m", "Hel"), delta("m", "lo"), finish(message("m", "Hello"))]),
    ).toEqual(["Hel", "lo"]);
  });

  it("separates messages by an empty line", async () => {
    const two = [
      ...[begin(message("a", "")), delta("a", "one"), finish(message("a", "one"))],
      ...[begin(message("b", "")), delta("b", "two"), finish(message("b", "two"))],
    ];
    expect((await read(two)).join("")).toBe("one\n\ntwo");
  });

  it("omits commentary, streamed or whole", async () => {
    const events = [
      ...[
        begin(message("c", "", "commentary")),
        delta("c", "Let me see"),
        finish(message("c", "Let me see", "commentary")),
      ],
      finish(message("d", "whole commentary", "commentary")),
      ...[begin(message("f", "", "final_answer")), delta("f", "42"), finish(message("f", "42", "final_answer"))],
    ];
    expect(await read(events)).toEqual(["42"]);
  });

  it("yields whole messages on exec, which sends no deltas, and skips empty ones", async () => {
    const events = [finish(message("1", "one")), finish(message("2", "")), finish(message("3", "three"))];
    expect(await read(events)).toEqual(["one", "\n\nthree"]);
  });

  it("yields a message whose id was used before, also if the first message was commentary", async () => {
    const events = [
      ...[begin(message("m", "", "commentary")), delta("m", "hidden"), finish(message("m", "hidden", "commentary"))],
      ...[begin(message("m", "")), delta("m", "shown"), finish(message("m", "shown"))],
      ...[begin(message("m", "")), finish(message("m", "whole"))],
    ];
    expect((await read(events)).join("|")).toContain("shown");
    expect((await read(events)).join("")).toContain("whole");
    expect((await read(events)).join("")).not.toContain("hidden");
  });

  it("yields nothing for events that are not messages", async () => {
    expect(await read([started(), ended()])).toEqual([]);
  });
});

async function read(events: readonly ThreadEvent[]): Promise<string[]> {
  async function* source(): AsyncGenerator<ThreadEvent> {
    yield* events;
  }
  const texts: string[] = [];
  for await (const text of textStreamOf(source())) texts.push(text);
  return texts;
}
