import { expect, test } from "vitest";
import { isSupportedVersion, versionOfUserAgent } from "../../../src/protocol/index.js";
import { readResults } from "./wire-fixtures.js";

test.each([
  ["codexkit/0.169.0 (Debian 12.0.0; x86_64) unknown (codexkit; 0.0.0)", "codexkit", "0.169.0"],
  ["my app/0.169.0 (Debian 12.0.0; x86_64) unknown (my app; 1)", "my app", "0.169.0"],
  ["a/b/9.9.9 x/0.169.0 (Debian)", "a/b/9.9.9 x", "0.169.0"],
  ["ünï-日本/0.169.0 (Debian)", "ünï-日本", "0.169.0"],
  ["/0.169.0 (Debian)", "", "0.169.0"],
  ["codexkit/0.170.0-alpha.3 (Debian)", "codexkit", "0.170.0-alpha.3"],
  ["over/1.0 x/0.169.0 (Debian)", "codexkit", "0.169.0"],
  ["over/1.0.0 x/0.169.0 (Debian)", "codexkit", "0.169.0"],
  ["codexkit/", "codexkit", null],
  ["something else", "codexkit", null],
  ["", "codexkit", null],
])("the version in %j for the name %j is %j", (userAgent, name, version) => {
  expect(versionOfUserAgent(userAgent, name)).toBe(version);
});

test("the real binary's user agent holds its version", () => {
  const answer = readResults().find(({ method }) => method === "initialize");
  expect(JSON.stringify(answer)).toContain("userAgent");
  expect(versionOfUserAgent(String(Reflect.get(Object(answer?.["result"]), "userAgent")), "codexkit")).toBe("0.169.0");
});

test.each([
  ["0.169.0", true],
  ["0.169.12", true],
  ["0.168.9", false],
  ["0.170.0", false],
  ["1.0.0", false],
  ["0.169.0-alpha.1", false],
  ["0.169", false],
  ["", false],
  [null, false],
])("version %j is supported: %j", (version, supported) => {
  expect(isSupportedVersion(version)).toBe(supported);
});
