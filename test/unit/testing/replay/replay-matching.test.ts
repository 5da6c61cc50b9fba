import { describe, expect, test } from "vitest";
import { readExecRequest, recordedCall } from "../../../../src/testing/replay/exec/exec-request.js";
import { findDifferences } from "../../../../src/testing/replay/json-difference.js";
import { describeDifferences, RequestMatcher } from "../../../../src/testing/replay/request-matcher.js";
import { createSpelling, respell } from "../../../../src/testing/replay/spelling.js";
import { recordingOf } from "./replay-entries.js";

describe("the comparison of a request with a recorded one", () => {
  test("names every place that differs [A0.3]", () => {
    const differences = findDifferences({ a: [1, { b: "x" }], c: 1 }, { a: [1, { b: "y" }, 3], d: null });
    expect(differences.map(({ path }) => path.join("."))).toEqual(["a.1.b", "a.2", "c"]);
    expect(describeDifferences(differences)).toBe('a.1.b: recorded "x", got "y" (and 2 more)');
  });

  test("treats redacted text as equal at any place of a text [A0.3]", () => {
    expect(findDifferences("Bearer [redacted] and [redacted].", "Bearer abc and def.")).toEqual([]);
    expect(findDifferences("[redacted]", "anything")).toEqual([]);
    expect(findDifferences("Bearer [redacted].", "Basic abc.")).toHaveLength(1);
    expect(findDifferences("aba[redacted]aba", "aba")).toHaveLength(1);
  });

  test("ignores the working directory, the configuration, and a model that only one side names [A0.3]", () => {
    const matcher = new RequestMatcher();
    const recorded = { cwd: "/a", config: { x: 1 }, sandbox: "read-only", sandboxPolicy: { writableRoots: ["/a"] } };
    const got = { cwd: "/b", model: "gpt-5.5", sandbox: "read-only", sandboxPolicy: { writableRoots: ["/b"] } };
    expect(matcher.matches("thread/start", recorded, got)).toBe(true);
    expect(matcher.matches("thread/start", { model: "a" }, { model: "b" })).toBe(false);
    expect(matcher.matches("thread/start", {}, { approvalPolicy: "never" })).toBe(false);
  });

  test("compares an image by its file name [A0.3]", () => {
    const input = (path: string) => ({ input: [{ type: "localImage", path }] });
    const matcher = new RequestMatcher();
    expect(matcher.matches("turn/start", input("/a/one.png"), input("C:\\b\\one.png"))).toBe(true);
    expect(matcher.matches("turn/start", input("/a/one.png"), input("/a/two.png"))).toBe(false);
  });

  test("ignores the paths of `ignore`, for all methods or one, with a star for any key [A0.3]", () => {
    const [recorded, got] = [{ input: [{ text: "a" }] }, { input: [{ text: "b" }] }];
    const matches = (path: string, method = "turn/start") => new RequestMatcher([path]).matches(method, recorded, got);
    expect(["input", "input.0.text", "input.*.text", "turn/start.input"].map((path) => matches(path))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(matches("turn/start.input", "turn/steer")).toBe(false);
    expect(matches("input.0.url")).toBe(false);
  });

  test("leaves credentials out of the message [A0.3]", () => {
    const text = describeDifferences(findDifferences({ prompt: "x" }, { prompt: "use sk-abcdefghijklmnop" }));
    expect(text).toBe('prompt: recorded "x", got "use [redacted]"');
  });
});

describe("the request of a codex exec process", () => {
  const requestOf = (argv: readonly string[], stdin = "") => readExecRequest({ argv, stdin, outputSchema: undefined });

  test("is independent of the form of the arguments [A0.3]", () => {
    const id = "01a207c7-c43d-7433-b819-7191c26cf95c";
    const theirs = requestOf(
      [
        "exec",
        "--experimental-json",
        "--model",
        "m",
        "--sandbox",
        "read-only",
        "--cd",
        "/w",
        "resume",
        id,
        "--image",
        "/a/1.png",
      ],
      "Go",
    );
    const ours = requestOf(
      [
        "exec",
        "--json",
        "--config",
        'sandbox_mode="read-only"',
        "--config",
        'model="m"',
        "resume",
        id,
        "--image=/b/1.png",
      ],
      "Go",
    );
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject({ prompt: "Go", resume: id, images: ["1.png"], model: "m", sandbox: "readOnly" });
  });

  test("contains a prompt that is an argument [A0.3]", () => {
    expect(requestOf(["exec", "-m", "m", "--json", "Say hello"])).toMatchObject({ prompt: "Say hello", model: "m" });
    expect(requestOf(["exec", "resume", "--last", "Go on"])).toMatchObject({ prompt: "Go on", resume: "last" });
    expect(requestOf(["exec", "--json", "-"], "From stdin")).toMatchObject({ prompt: "From stdin" });
    expect(requestOf(["exec", "-i", "a.png", "b.png,c.png", "--json"], "Look")).toMatchObject({
      prompt: "Look",
      images: ["a.png", "b.png", "c.png"],
    });
  });

  test("contains exactly the recorded stdin [A0.3]", () => {
    const { processes } = recordingOf({
      argv: ["exec"],
      events: [[">", { a: 1 }], [">", "two"], { type: "stdin", tail: "end" }],
    });
    expect(processes.map((process) => recordedCall(process).stdin)).toEqual(['{"a":1}\ntwo\nend']);
  });
});

test("the replay converts the recorder's replacements back, the longest first [A0.3]", () => {
  const { toLive, toRecorded } = createSpelling({ "/home/me": "<home>", "/home/me/work": "<work>" });
  expect(respell({ "/home/me/work/a": ["/home/me/b"] }, toRecorded)).toEqual({ "<work>/a": ["<home>/b"] });
  expect(respell({ "<work>/a": ["<home>/b", 1, null] }, toLive)).toEqual({
    "/home/me/work/a": ["/home/me/b", 1, null],
  });
});
