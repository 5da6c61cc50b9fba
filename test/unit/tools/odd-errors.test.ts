import { expect, test } from "vitest";
import { tool } from "../../../src/tools/tool.js";
import { lastOf, openHost, textOf } from "./call.js";

const make = (execute: () => unknown) =>
  tool({ name: "it", description: "Does it.", execute: execute as () => string });

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

const nobody = Object.create(null) as object;
const unreadable = Object.defineProperty(new Error(), "message", { get: throwing(nobody) });
const liar = new Proxy(new Error("x"), { getPrototypeOf: throwing(nobody) });

test.each([
  ["an object without anything", nobody],
  ["an unreadable error", unreadable],
  ["a lying proxy", liar],
  ["null", null],
])("[A2.3] a tool that throws %s is answered all the same", async (_, thrown) => {
  const open = openHost([make(throwing(thrown))]);
  expect(textOf(await open.call("it"))).toBe("The tool `it` failed: it threw something that is no error");
  expect(lastOf(open)?.outcome).toBe("threw");
});

test("[A2.3] so is a result that throws such a thing when it is read", async () => {
  const told = textOf(await openHost([make(() => ({ toJSON: throwing(nobody) }))]).call("it"));
  expect(told).toBe("The tool `it` ran, but its result cannot be told: it cannot be read.");
});

test("[A2.3] the message of an error is cut to 8,000 characters", async () => {
  const told = textOf(await openHost([make(throwing(new Error("long ".repeat(100_000))))]).call("it"));
  expect(told).toMatch(/^The tool `it` failed: long .*characters left out/s);
  expect(told.length).toBeLessThan(8_100);
});
