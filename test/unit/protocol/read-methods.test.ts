import { expect, it } from "vitest";
import { clientMethods } from "../../../src/protocol/index.js";
import { isReadMethod } from "../../../src/protocol/methods/read-methods.js";

it("[R4] every request of the protocol that only reads, by its name, is repeated under overload", () => {
  const names = Object.keys(clientMethods);
  const reading = /(?:^|\/|[a-z])(?:list|get|read|search|status|info|installed|List|Read|Search|Status)(?:[A-Z]\w*)?$/;
  expect(names.filter((name) => reading.test(name) && !isReadMethod(name))).toEqual([]);
});

it("[R4] no request that changes something is repeated", () => {
  const names = Object.keys(clientMethods).filter((name) => isReadMethod(name));
  const change =
    /(?:^|\/)(?:start|set|write|update|add|delete|remove|create|clear|install(?!ed)|login|logout|cancel|spawn|call|reset|reload|import|upload|move|copy)(?:[A-Z]\w*)?$/i;
  expect(names.filter((name) => change.test(name))).toEqual([]);
  for (const name of ["turn/start", "turn/steer", "thread/start", "thread/resume", "command/exec", "future/list"])
    expect(isReadMethod(name)).toBe(false);
});
