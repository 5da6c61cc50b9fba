import { describe, expect, it } from "vitest";
import { toWellFormedJson, toWellFormedText } from "../../../src/internal/json.js";

describe("JSON for codex", () => {
  it("[L1] replaces half of a surrogate pair in values, keys and nested lists by U+FFFD", () => {
    const [high, low] = ["\ud83d", "\ude80"];
    const text = toWellFormedJson({ [`key${high}`]: ["a", { b: `${low} end` }], whole: `${high}${low}` });
    expect(text).toBe('{"key\ufffd":["a",{"b":"\ufffd end"}],"whole":"🚀"}');
  });

  it("[L1] keeps a text that contains the characters of an escape", () => {
    const value = { path: "C:\\ud83d", doubled: "\\\\udfff", line: "one\ntwo \\" };
    expect(toWellFormedJson(value)).toBe(JSON.stringify(value));
    expect(toWellFormedJson({ mixed: "\\\ud83d\\ud83d" })).toBe('{"mixed":"\\\\\ufffd\\\\ud83d"}');
  });

  it("[L1] replaces lone halves of a text and keeps pairs", () => {
    expect(toWellFormedText("\ude80🚀\ud83d")).toBe("\ufffd🚀\ufffd");
  });
});
