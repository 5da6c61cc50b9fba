import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Codex, CodexError, type ThreadStartOptions } from "../../../src/index.js";
import { createScratchFolder } from "../process/scratch-folder.js";
import { RecordingTransport } from "./recording-transport.js";

const here: ThreadStartOptions = { skipGitRepoCheck: true };
const threadId = "01a2b3c4-0000-7000-8000-000000000000";

/** Input that a program in plain JavaScript could pass. The types reject it (test/types/); these tests show the errors at run time. */
function untyped(value: unknown): never {
  return value as never;
}

describe("invalid input throws a typed error before a message is sent", () => {
  it.each<[string, unknown, string]>([
    ["an unknown option", { apikey: "x" }, "UNKNOWN_OPTION"],
    ["a thread's option", { sandboxMode: "read-only" }, "UNKNOWN_OPTION"],
    ["an unknown transport", { transport: "websocket" }, "INVALID_OPTION"],
    ["a transport that is none", { transport: {} }, "INVALID_OPTION"],
    ["an empty key", { apiKey: " " }, "INVALID_OPTION"],
    ["credentials in baseUrl", { baseUrl: "https://u:p@host/v1" }, "INVALID_OPTION"],
    ["no URL as baseUrl", { baseUrl: "localhost:1" }, "INVALID_OPTION"],
    ["baseUrl and another provider", { baseUrl: "http://h/v1", config: { model_provider: "x" } }, "INVALID_OPTION"],
    ["null in config", { config: { a: null } }, "INVALID_OPTION"],
    ["NaN in config", { config: { a: Number.NaN } }, "INVALID_OPTION"],
    ["a circular config", { config: circular() }, "INVALID_OPTION"],
    ["a number in env", { env: { A: 1 } }, "INVALID_OPTION"],
    ["no options at all", null, "INVALID_OPTION"],
  ])("a client with %s", (_, options, code) => {
    expect(() => new Codex(untyped(options))).toThrow(expect.objectContaining({ code }));
  });

  it("a client with its own transport rejects options that it would ignore", () => {
    for (const more of [
      { apiKey: "x" },
      { baseUrl: "http://h/v1" },
      { config: {} },
      { env: {} },
      { strictVersion: true },
    ]) {
      expect(() => new Codex({ transport: new RecordingTransport(), ...more })).toThrow(
        expect.objectContaining({ code: "INVALID_OPTION", option: Object.keys(more)[0] }),
      );
    }
    expect(() => new Codex({ transport: new RecordingTransport(), apiKey: undefined })).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ["an unknown option", { sandbox: "read-only" }, "UNKNOWN_OPTION"],
    ["an unknown sandbox", { sandboxMode: "writable" }, "INVALID_OPTION"],
    ["an unknown policy", { approvalPolicy: "always" }, "INVALID_OPTION"],
    ["an empty model", { model: "" }, "INVALID_OPTION"],
    ["a network in a read-only sandbox", { networkAccessEnabled: true }, "INVALID_OPTION"],
    ["contradictory web search", { webSearchEnabled: false, webSearchMode: "live" }, "INVALID_OPTION"],
    ["a schema that is none", { outputSchema: "object" }, "INVALID_SCHEMA"],
    ["a schema without a JSON Schema", { outputSchema: bareSchema() }, "INVALID_SCHEMA"],
  ])("a thread with %s", async (_, options, code) => {
    for (const name of ["app-server", "exec"] as const) {
      const transport = new RecordingTransport(name);
      const codex = new Codex({ transport });
      expect(() => codex.startThread(untyped(options))).toThrow(expect.objectContaining({ code }));
      expect(() => codex.resumeThread(threadId, untyped(options))).toThrow(expect.objectContaining({ code }));
      const thread = codex.startThread(here);
      await expect(thread.update(untyped(options))).rejects.toMatchObject({ code });
      expect(transport.sent).toEqual([]);
      expect(transport.updates).toEqual([]);
    }
  });

  it.each<[string, unknown]>([
    ["no UUID", "my-thread"],
    ["a flag", "--last"],
    ["a UUID with more behind it", `${threadId} --last`],
    ["nothing", ""],
  ])("a thread id that is %s", (_, id) => {
    const transport = new RecordingTransport();
    expect(() => new Codex({ transport }).resumeThread(untyped(id))).toThrow(
      expect.objectContaining({ code: "INVALID_THREAD_ID" }),
    );
    expect(transport.threads).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["null", null, "INVALID_STATE"],
    ["a number", 7, "INVALID_STATE"],
    ["an empty object", {}, "INVALID_STATE"],
    ["a newer version", { version: 2, threadId, transport: "exec", options: {}, usage: null }, "INVALID_STATE"],
    ["a bad id", { version: 1, threadId: "x", transport: "exec", options: {}, usage: null }, "INVALID_THREAD_ID"],
    ["a bad option", { version: 1, threadId, transport: "exec", options: { model: 7 }, usage: null }, "INVALID_OPTION"],
    [
      "an unknown option",
      { version: 1, threadId, transport: "exec", options: { x: 7 }, usage: null },
      "UNKNOWN_OPTION",
    ],
  ])("a saved state that is %s", (_, state, code) => {
    const transport = new RecordingTransport();
    expect(() => new Codex({ transport }).resumeThread(untyped(state))).toThrow(expect.objectContaining({ code }));
    expect(transport.threads).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["an empty prompt", "", "INPUT_EMPTY"],
    ["a blank prompt", " \n", "INPUT_EMPTY"],
    ["no parts", [], "INPUT_EMPTY"],
    ["a prompt over the limit", "😀".repeat(1_048_577), "INPUT_TOO_LARGE"],
    ["no prompt", undefined, "INVALID_INPUT"],
    ["an unknown part", [{ type: "video" }], "INVALID_INPUT"],
    ["an image of the web", [{ type: "image", url: "https://h/a.png" }], "INVALID_INPUT"],
  ])("[A1.15] a turn with %s throws at once", (_, input, code) => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread(here);
    expect(() => thread.runStreamed(untyped(input))).toThrow(expect.objectContaining({ code }));
    expect(transport.sent).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["an unknown option", { timeout: 5 }, "UNKNOWN_OPTION"],
    ["a thread's option", { developerInstructions: "x" }, "UNKNOWN_OPTION"],
    ["no time", { timeoutMs: 0 }, "INVALID_OPTION"],
    ["too long a time", { idleTimeoutMs: 2 ** 31 }, "INVALID_OPTION"],
    ["NaN as time", { timeoutMs: Number.NaN }, "INVALID_OPTION"],
    ["a controller for a signal", { signal: new AbortController() }, "INVALID_OPTION"],
    ["an unknown whenBusy", { whenBusy: "wait" }, "INVALID_OPTION"],
    ["a network in a read-only sandbox", { networkAccessEnabled: true }, "INVALID_OPTION"],
    ["a schema of null", { outputSchema: null }, "INVALID_OPTION"],
    ["a schema that is none", { outputSchema: "object" }, "INVALID_SCHEMA"],
  ])("a turn with %s throws at once", (_, options, code) => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread(here);
    expect(() => thread.runStreamed("x", untyped(options))).toThrow(expect.objectContaining({ code }));
    expect(transport.sent).toEqual([]);
  });

  it("run() rejects and does not throw", async () => {
    const thread = new Codex({ transport: new RecordingTransport() }).startThread(here);
    const refused = thread.run("");
    await expect(refused).rejects.toBeInstanceOf(CodexError);
  });

  it("a working directory that does not exist or is in no git repository", async () => {
    const transport = new RecordingTransport();
    const codex = new Codex({ transport });
    const folder = createScratchFolder();
    const missing = { workingDirectory: join(folder, "missing"), skipGitRepoCheck: true };
    const outside = { workingDirectory: "/" };
    await expect(codex.startThread(missing).run("x")).rejects.toMatchObject({ code: "WORKING_DIRECTORY_MISSING" });
    await expect(codex.startThread(missing).start()).rejects.toMatchObject({ code: "WORKING_DIRECTORY_MISSING" });
    await expect(codex.startThread(outside).run("x")).rejects.toMatchObject({ code: "NOT_A_GIT_REPOSITORY" });
    const thread = codex.startThread(here);
    const elsewhere = thread.run("x", { workingDirectory: join(folder, "missing") });
    await expect(elsewhere).rejects.toMatchObject({ code: "WORKING_DIRECTORY_MISSING" });
    await expect(thread.update(missing)).rejects.toMatchObject({ code: "WORKING_DIRECTORY_MISSING" });
    expect(transport.sent).toEqual([]);
  });

  it("a file that does not exist or is no image", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread(here);
    const folder = createScratchFolder();
    writeFileSync(join(folder, "text.png"), "no image");
    for (const name of ["missing.png", "text.png"]) {
      const run = thread.run([{ type: "local_image", path: join(folder, name) }]);
      await expect(run).rejects.toMatchObject({ code: "IMAGE_UNREADABLE" });
    }
    expect(transport.sent).toEqual([]);
  });

  it("a feature that exec lacks", () => {
    const transport = new RecordingTransport("exec");
    const codex = new Codex({ transport });
    for (const options of [
      { approvalPolicy: "untrusted" },
      { approvalPolicy: "on-request" },
      { serviceName: "x" },
    ] as const) {
      expect(() => codex.startThread(options)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }));
    }
    const thread = codex.startThread(here);
    for (const options of [{ approvalPolicy: "untrusted" }, { whenBusy: "steer" }] as const) {
      expect(() => thread.runStreamed("x", options)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }));
    }
    expect(transport.sent).toEqual([]);
  });
});

/** For example a schema of valibot. */
function bareSchema(): object {
  return { "~standard": { version: 1, vendor: "valibot", validate: (value: unknown) => ({ value }) } };
}

function circular(): object {
  const config: Record<string, unknown> = {};
  config["self"] = config;
  return config;
}
