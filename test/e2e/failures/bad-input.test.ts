import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import {
  BinaryNotExecutableError,
  BinaryNotFoundError,
  Codex,
  NotCodexError,
  UnsupportedVersionError,
} from "../../../src/index.js";
import { createFakeAppServer, createFakeExec, message, respond } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const scratch = scratchFolder("e2e-bad-input");
const missingThread = "01a2b3c4-0000-7000-8000-000000000000";

beforeEach(() => mkdir(scratch, { recursive: true }));
afterEach(() => rm(scratch, { recursive: true, force: true }));

describe.each(transports)("bad input on %s", (transport) => {
  const run = async (codexPathOverride: string): Promise<unknown> => {
    await using codex = new Codex({ codexPathOverride, transport });
    return await codex
      .startThread({ skipGitRepoCheck: true })
      .run("hello")
      .catch((error: unknown) => error);
  };

  it("[A1.9] a missing binary: BINARY_NOT_FOUND with the path (R6)", async () => {
    const error = await run(join(scratch, "nothing-here"));
    expect(error).toBeInstanceOf(BinaryNotFoundError);
    expect(String(error)).toContain("nothing-here");
  });

  it("a file that is not executable: BINARY_NOT_EXECUTABLE", async () => {
    const path = join(scratch, "codex");
    await writeFile(path, "no program");
    expect(await run(path)).toBeInstanceOf(BinaryNotExecutableError);
    await chmod(path, 0o755);
    expect(await run(path)).toMatchObject({ code: expect.stringMatching(/BINARY_NOT_EXECUTABLE|NOT_CODEX/) as string });
  });

  it("a wrong binary: NOT_CODEX, and the host program continues", async () => {
    for (const path of ["/bin/false", "/bin/true", "/bin/echo", "/bin/cat"]) {
      const error = await run(path);
      expect(error, path).toBeInstanceOf(NotCodexError);
    }
  });

  it("an old binary: a warning, and with strictVersion UNSUPPORTED_VERSION", async () => {
    const steps = [respond(message("hi"))];
    // A process warns once about a version, and the tests of both transports share one.
    const version = transport === "exec" ? "0.100.0" : "0.100.1";
    const options = { version, directory: scratch, strict: false };
    await using fake = await (transport === "exec"
      ? createFakeExec(steps, options)
      : createFakeAppServer(steps, options));
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    try {
      await using codex = new Codex(fake.codexOptions());
      expect((await codex.startThread({ skipGitRepoCheck: true }).run("hello")).finalResponse).toBe("hi");
      expect(await codex.ready()).toMatchObject({ version, supported: false });
      expect(warned.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining(version)]);
    } finally {
      warned.mockRestore();
    }
    await using strict = new Codex({ ...fake.codexOptions(), strictVersion: true });
    await expect(strict.startThread({ skipGitRepoCheck: true }).run("hello")).rejects.toBeInstanceOf(
      UnsupportedVersionError,
    );
  });

  it("rejects a missing working directory, and one in no git repository, before a process starts", async () => {
    await using stand = await openRealCodex(transport, []);
    const { codex } = stand;
    const missing = codex.startThread({ workingDirectory: join(stand.workTree, "missing") });
    await expect(missing.run("hello")).rejects.toMatchObject({ code: "WORKING_DIRECTORY_MISSING" });
    const outside = codex.startThread({ workingDirectory: "/" });
    await expect(outside.run("hello")).rejects.toMatchObject({ code: "NOT_A_GIT_REPOSITORY" });
    expect(stand.pids).toEqual([]);
  });

  it("rejects a missing image and a file that is no image before a process starts", async () => {
    await using stand = await openRealCodex(transport, []);
    const thread = stand.codex.startThread(stand.thread);
    const text = join(stand.workTree, "image.png");
    await writeFile(text, "not an image");
    for (const path of [join(stand.workTree, "missing.png"), text, stand.workTree]) {
      const input = [
        { type: "text", text: "look" },
        { type: "local_image", path },
      ] as const;
      await expect(thread.run(input), path).rejects.toMatchObject({ code: "IMAGE_UNREADABLE" });
    }
    expect(stand.pids).toEqual([]);
  });

  it("an unknown thread id: THREAD_NOT_FOUND; a malformed one throws at once", async () => {
    await using stand = await openRealCodex(transport, []);
    const thread = stand.codex.resumeThread(missingThread, stand.thread);
    await expect(thread.run("hello")).rejects.toMatchObject({ code: "THREAD_NOT_FOUND", threadId: missingThread });
    expect(() => stand.codex.resumeThread("my-thread")).toThrow(/UUID/);
    expect(stand.model.requests).toEqual([]);
  });

  it("a configuration that codex refuses: an error with codex's message", async () => {
    await using stand = await openRealCodex(transport, []);
    const thread = stand.codex.startThread({ ...stand.thread, config: { model_provider: "nowhere" } });
    await expect(thread.run("hello")).rejects.toThrow(/nowhere/);
  });
});
