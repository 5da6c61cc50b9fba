import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CodexError } from "../../../../src/errors/codex-error.js";
import { checkWorkingDirectory } from "../../../../src/thread/check-working-directory.js";
import { checkImages, maxInputCharacters, toTurnInput } from "../../../../src/thread/turn/turn-input.js";
import { createScratchFolder } from "../../process/scratch-folder.js";

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const webp = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
const bmp = "Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAA////AA==";

const makePipe = "mkfifo";

describe("a turn's input", () => {
  it("accepts a text or parts, and converts them to the wire form with absolute paths", () => {
    expect(toTurnInput("Hello")).toEqual([{ type: "text", text: "Hello" }]);
    expect(
      toTurnInput([
        { type: "text", text: "Look" },
        { type: "local_image", path: "a.png" },
        { type: "image", url: `data:image/png;base64,${png}` },
        { type: "skill", name: "s", path: "/s" },
        { type: "mention", name: "m", path: "app://m" },
      ]),
    ).toEqual([
      { type: "text", text: "Look" },
      { type: "localImage", path: resolve("a.png") },
      { type: "image", url: `data:image/png;base64,${png}` },
      { type: "skill", name: "s", path: "/s" },
      { type: "mention", name: "m", path: "app://m" },
    ]);
  });

  it.each([
    ["nothing", ""],
    ["blanks", " \n\t "],
    ["no part", []],
    ["parts of blanks", [{ type: "text", text: " " }]],
  ])("refuses an input of %s", (_, input) => {
    expect(refusal(input)).toMatchObject({ code: "INPUT_EMPTY", option: "input" });
  });

  it("accepts an image alone", () => {
    expect(() => toTurnInput([{ type: "local_image", path: "/a.png" }])).not.toThrow();
  });

  it.each([
    ["a number", 7],
    ["null", null],
    ["an object", { type: "text", text: "x" }],
    ["a list of texts", ["x"]],
    ["a part without a type", [{ text: "x" }]],
    ["a part of an unknown type", [{ type: "audio", url: "x" }]],
    ["a text that is a number", [{ type: "text", text: 1 }]],
    ["an inherited text", [Object.create({ type: "text", text: "x" })]],
    ["a path that is null", [{ type: "local_image", path: null }]],
    ["an image URL of the web", [{ type: "image", url: "https://example.com/a.png" }]],
    ["an image of a kind that codex cannot read", [{ type: "image", url: `data:image/bmp;base64,${bmp}` }]],
    ["an empty image", [{ type: "image", url: "data:image/png;base64," }]],
    ["an image that is not base64", [{ type: "image", url: "data:image/png,raw" }]],
    ["a file's URL", [{ type: "image", url: "file:///a.png" }]],
  ])("refuses %s", (_, input) => {
    expect(refusal(input)).toMatchObject({ code: "INVALID_INPUT" });
  });

  it("names the invalid part", () => {
    expect(refusal([{ type: "text", text: "x" }, { type: "text" }])).toMatchObject({ option: "input[1]" });
  });

  it("[A1.15] accepts exactly codex's limit of code points, for any number of bytes and UTF-16 units per character", () => {
    for (const character of ["x", "é", "😀", "\ud800"]) {
      const most = character.repeat(maxInputCharacters);
      expect(toTurnInput(most)).toHaveLength(1);
      const error = refusal(`${most}${character}`);
      expect(error).toMatchObject({ code: "INPUT_TOO_LARGE" });
      expect(error.message).toContain("1048577");
      expect(error.message).toContain("1048576");
    }
  });

  it("[A1.15] applies the limit to the sum of all texts", () => {
    const half = "x".repeat(maxInputCharacters / 2);
    const text = (value: string) => ({ type: "text", text: value });
    expect(() => toTurnInput([text(half), text(half)])).not.toThrow();
    expect(refusal([text(half), text(half), text("x")])).toMatchObject({ code: "INPUT_TOO_LARGE" });
  });
});

describe("a local image", () => {
  it("is accepted if codex can read its kind", async () => {
    const folder = createScratchFolder();
    for (const [name, data] of Object.entries({ "a.png": png, "b.gif": gif, "c.webp": webp, "name.txt": png })) {
      writeFileSync(join(folder, name), Buffer.from(data, "base64"));
      await checkImages([{ type: "localImage", path: join(folder, name) }]);
    }
  });

  it("is refused if it is missing, not a file, or of a kind that codex would omit silently", async () => {
    const folder = createScratchFolder();
    writeFileSync(join(folder, "text.png"), "no image");
    writeFileSync(join(folder, "empty.png"), "");
    writeFileSync(join(folder, "a.bmp"), Buffer.from(bmp, "base64"));
    mkdirSync(join(folder, "folder.png"));
    execFileSync(makePipe, [join(folder, "pipe.png")]);
    for (const name of ["missing.png", "text.png", "empty.png", "a.bmp", "folder.png", "pipe.png"]) {
      const checked = checkImages([{ type: "localImage", path: join(folder, name) }]);
      await expect(checked, name).rejects.toMatchObject({ code: "IMAGE_UNREADABLE" });
      await expect(checked, name).rejects.toThrow(join(folder, name));
    }
  });
});

describe("a working directory", () => {
  it("must exist and be a directory", () => {
    const folder = createScratchFolder();
    writeFileSync(join(folder, "file"), "");
    for (const path of [join(folder, "missing"), join(folder, "file"), join(folder, "a\0b")]) {
      expect(refusalOf(() => checkWorkingDirectory({ workingDirectory: path, skipGitRepoCheck: true }))).toMatchObject({
        code: "WORKING_DIRECTORY_MISSING",
      });
    }
    checkWorkingDirectory({ workingDirectory: folder, skipGitRepoCheck: true });
  });

  it("must be in a git repository, unless `skipGitRepoCheck` is set", () => {
    const refused = refusalOf(() => checkWorkingDirectory({ workingDirectory: "/", skipGitRepoCheck: false }));
    expect(refused).toMatchObject({ code: "NOT_A_GIT_REPOSITORY", option: "workingDirectory" });
    expect(String(refused)).toContain("skipGitRepoCheck");
    checkWorkingDirectory({ workingDirectory: "/", skipGitRepoCheck: true });
    const folder = createScratchFolder();
    mkdirSync(join(folder, "a/b"), { recursive: true });
    mkdirSync(join(folder, ".git"));
    checkWorkingDirectory({ workingDirectory: join(folder, "a/b"), skipGitRepoCheck: false });
  });

  it("may be in a git worktree, which has a `.git` file", () => {
    const folder = createScratchFolder();
    writeFileSync(join(folder, ".git"), "gitdir: elsewhere");
    checkWorkingDirectory({ workingDirectory: folder, skipGitRepoCheck: false });
  });
});

function refusal(input: unknown): CodexError {
  return refusalOf(() => toTurnInput(input));
}

function refusalOf(call: () => unknown): CodexError {
  try {
    call();
  } catch (error) {
    if (CodexError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("not refused");
}
