import { expect, test } from "vitest";
import { hasCapability, standingOf, supportedVersions, versionOfUserAgent } from "../../../src/protocol/index.js";
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
  expect(versionOfUserAgent(String(Reflect.get(Object(answer?.["result"]), "userAgent")), "codexkit")).toBe(
    supportedVersions.newest,
  );
});

const { oldest, newest } = supportedVersions;
const [major = "", minor = "", patch = ""] = newest.split(".");
const next = `${major}.${minor}.${String(Number(patch) + 1)}`;

test.each([
  [oldest, "proven"],
  [newest, "proven"],
  ["0.169.12", "proven"],
  [next, "newer"],
  ["1.0.0", "newer"],
  [`${next}-alpha.1`, "newer"],
  [`${oldest}-alpha.1`, "knownBad"],
  ["0.165.9", "older"],
  ["0.166.0", "knownBad"],
  ["0.167.2", "knownBad"],
  ["0.169", "older"],
  ["", "older"],
  [null, "older"],
])("[A7.1] version %j is %j", (version, standing) => {
  expect(standingOf(version)).toBe(standing);
});

test("[A7.1] a capability begins with its version; an unknown version has none", () => {
  const versions = ["0.157.1", "0.158.0", "0.160.0", "1.0.0", null, "x"];
  expect(versions.map((version) => hasCapability(version, "execApiKeyHidden"))).toEqual([
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
});
