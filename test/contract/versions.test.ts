import { afterEach, describe, expect, it, vi } from "vitest";
import { Codex, type CodexOptions } from "../../src/index.js";
import { supportedVersions } from "../../src/protocol/index.js";
import { createFakeAppServer, createFakeExec, errorReply, message, respond } from "../../src/testing/index.js";

const here = { skipGitRepoCheck: true, workingDirectory: "/" };
const newer = "99.0.0";

afterEach(() => void vi.restoreAllMocks());

describe.each(["app-server", "exec"] as const)("a version of codex, %s", (transport) => {
  it.each([
    [supportedVersions.oldest, "proven"],
    [supportedVersions.newest, "proven"],
    [newer, "newer"],
  ])("[A7.1] %s is %s: no warning", async (version, standing) => {
    const warned = listen();
    await using fake = await open(transport, version);
    expect(await use(fake.codexOptions())).toEqual({ version, standing, supported: true });
    expect(warned()).toEqual([]);
  });

  it.each([
    ["0.90", "older", "is older than"],
    ["0.167", "knownBad", "configOverrides"],
  ])("[A7.1] %s is %s: one warning in a process, with the way out", async (minor, standing, text) => {
    // The tests of both transports share a process.
    const version = `${minor}.${transport === "exec" ? 1 : 2}`;
    const warned = listen();
    await using fake = await open(transport, version);
    expect(await use(fake.codexOptions())).toEqual({ version, standing, supported: false });
    await use(fake.codexOptions());
    expect(warned().filter((warning) => warning.includes(`codex ${version} `))).toEqual([
      expect.stringContaining(text),
    ]);
  });

  it.each(["0.90.1", "0.167.1", newer])("[A7.1] strictVersion refuses %s", async (version) => {
    await using fake = await open(transport, version);
    await using codex = new Codex({ ...fake.codexOptions(), strictVersion: true });
    const error: unknown = await codex.ready().catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "UNSUPPORTED_VERSION", version, retryable: false });
  });
});

it("[A7.1] a newer codex that lacks a method which codexkit uses leads to a warning that names it", async () => {
  const warned = listen();
  await using fake = await createFakeAppServer([], { version: newer, strict: false });
  fake.intercept(
    "codexkit/probe",
    errorReply(-32600, "unknown variant `x`, expected one of `initialize`, `turn/start`"),
  );
  await use(fake.codexOptions());
  expect(warned()).toEqual([expect.stringMatching(/lacks methods that codexkit uses \(.*turn\/steer.*\)/)]);
});

it("[A7.1] a key is not passed to a codex that would show it to the commands of the model", async () => {
  listen();
  await using fake = await open("exec", "0.157.1");
  await using codex = new Codex({ ...fake.codexOptions(), apiKey: "sk-not-for-commands" });
  const error: unknown = await codex
    .startThread(here)
    .run("x")
    .catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: "UNSUPPORTED_VERSION", message: expect.stringContaining("0.158.0") as string });
});

function open(transport: "app-server" | "exec", version: string) {
  const steps = [respond(message("Hello"))];
  const options = { version, strict: false };
  return transport === "exec" ? createFakeExec(steps, options) : createFakeAppServer(steps, options);
}

async function use(options: CodexOptions) {
  await using codex = new Codex(options);
  const { version, standing, supported } = await codex.ready();
  return { version, standing, supported };
}

/** Returns a function that returns the warnings since the call. */
function listen(): () => readonly string[] {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  return () => warned.mock.calls.map(([text]) => String(text));
}
