import { expect, test } from "vitest";
import { tool } from "../../../src/tools/tool.js";
import { lastOf, openTurn, textOf } from "./call.js";

const make = (execute: () => unknown) =>
  tool({ name: "it", description: "Does it.", execute: execute as () => string });

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

const bare = Object.create(null) as object;
const unreadable = Object.defineProperty(new Error(), "message", { get: throwing(bare) });
const liar = new Proxy(new Error("x"), { getPrototypeOf: throwing(bare) });

test.each([
  ["an object without a prototype", bare],
  ["an unreadable error", unreadable],
  ["a lying proxy", liar],
  ["null", null],
])("[A2.3] a tool that throws %s is answered", async (_, thrown) => {
  const open = openTurn([make(throwing(thrown))]);
  expect(textOf(await open.call("it"))).toBe("The tool `it` failed: it threw a value that is not an error");
  expect(lastOf(open)?.outcome).toBe("threw");
});

test("[A2.3] a result that throws such a value when it is read is answered", async () => {
  const text = textOf(await openTurn([make(() => ({ toJSON: throwing(bare) }))]).call("it"));
  expect(text).toBe("The tool `it` ran, but its result cannot be shown: it cannot be read.");
});

test("[A2.3] the message of an error is cut to 8,000 characters", async () => {
  const text = textOf(await openTurn([make(throwing(new Error("long ".repeat(100_000))))]).call("it"));
  expect(text).toMatch(/^The tool `it` failed: long .*characters left out/s);
  expect(text.length).toBeLessThan(8_100);
});
