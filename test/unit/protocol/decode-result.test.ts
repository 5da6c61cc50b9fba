import { describe, expect, test } from "vitest";
import { clientMethod, decodeResult, isClientMethod } from "../../../src/protocol/index.js";
import { readResults, textOf } from "./wire-fixtures.js";

describe("a result of the app-server", () => {
  test.each(readResults())("$method: the binary's answer is read and kept", (answer) => {
    const name = textOf(answer, "method");
    const { result } = answer;
    expect(isClientMethod(name) && decodeResult(name, result)).toEqual({ ok: true, value: result });
  });

  test("without a required field is refused with the reason", () => {
    expect(decodeResult("thread/start", {})).toMatchObject({
      ok: false,
      problem: "thread/start: result.approvalPolicy is missing",
    });
    expect(decodeResult("turn/start", { turn: { id: 1 } })).toMatchObject({
      ok: false,
      problem: "turn/start: result.turn.id is of the wrong kind",
    });
    for (const value of [undefined, null, [], "x"])
      expect(decodeResult("turn/interrupt", value)).toMatchObject({ ok: false });
  });

  test("has its items decoded", () => {
    const turns = [{ id: "u", items: [{ type: "new", id: "i" }], itemsView: "full", status: "completed" }];
    expect(decodeResult("thread/turns/list", { data: turns })).toMatchObject({
      ok: true,
      value: { data: [{ items: [{ type: "codexkit.unknown", itemType: "new" }] }] },
    });
  });
});

test("a method is one value: its name, its stability and its decoder", () => {
  const method = clientMethod("thread/backgroundTerminals/clean");
  expect(method).toMatchObject({ name: "thread/backgroundTerminals/clean", stability: "experimental" });
  expect(method.decode({})).toEqual({ ok: true, value: {} });
  expect(clientMethod("turn/start").stability).toBe("stable");
  expect(isClientMethod("constructor")).toBe(false);
});
