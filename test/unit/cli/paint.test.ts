import { expect, test } from "vitest";
import { createPaint } from "../../../src/cli/paint.js";

test("colours are on for a terminal", () => {
  expect(createPaint({ isTTY: true, env: {} })("red", "x")).toBe("\u001b[31mx\u001b[39m");
  expect(createPaint({ isTTY: true, env: { NO_COLOR: "" } })("red", "x")).toBe("\u001b[31mx\u001b[39m");
});

test.each([
  ["the output is piped", false, {}],
  ["NO_COLOR is set", true, { NO_COLOR: "1" }],
  ["the terminal is dumb", true, { TERM: "dumb" }],
])("colours are off if %s", (_case, isTTY, env) => {
  expect(createPaint({ isTTY, env })("red", "x")).toBe("x");
});
