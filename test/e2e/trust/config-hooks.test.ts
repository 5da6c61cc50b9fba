import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CodexConfigObject, OptionError } from "../../../src/index.js";
import { message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const key = "/<session-flags>/config.toml:pre_tool_use:0:0";
const steps = () => [respond(shell("true")), respond(message("Done."))];
const hooksTo = (proof: string): CodexConfigObject => ({
  PreToolUse: [{ matcher: "*", hooks: [{ type: "command", command: `touch ${proof}` }] }],
});

/** Returns the hash that codex demands for the hook, from the error on app-server. */
async function hashOf(hooks: CodexConfigObject): Promise<string> {
  await using stand = await openRealCodex("app-server", []);
  const thread = stand.codex.startThread({ ...stand.thread, config: { hooks } });
  const error: unknown = await thread.run("Work").catch((error: unknown) => error);
  if (!(error instanceof OptionError)) throw new Error("not refused");
  expect(error).toMatchObject({ code: "INVALID_OPTION", option: "config" });
  expect(error.message).toContain("would skip without a message");
  expect(stand.model.requests).toEqual([]);
  const [, hash = ""] = /"trusted_hash":"(sha256:[0-9a-f]{64})"/.exec(error.message) ?? [];
  expect(error.message).toContain(JSON.stringify(key));
  return hash;
}

describe.each(transports)("codex's hooks in `config` on %s", (transport) => {
  it("[T1] run if they are trusted by the hash that the error of app-server shows", async () => {
    await using stand = await openRealCodex(transport, steps());
    const proof = join(stand.home, "proof");
    const hooks = hooksTo(proof);
    const state = { [key]: { trusted_hash: await hashOf(hooks) } };
    await using codex = stand.client({ config: { ...stand.model.codexOptions().config, hooks } });
    const thread = codex.startThread({ ...stand.thread, config: { hooks: { state } } });
    expect((await thread.run("Work")).finalResponse).toBe("Done.");
    expect(existsSync(proof)).toBe(true);
  });

  it("[T1] are refused if codex would skip them: on a new thread, a resumed one, and after an update", async () => {
    await using stand = await openRealCodex(transport, [respond(message("Done."))]);
    const config = { hooks: hooksTo(join(stand.home, "proof")) };
    const refused = { code: "INVALID_OPTION", option: "config" };
    const attempt = async (open: () => { run(input: string): Promise<unknown> }) => open().run("Work");
    await expect(attempt(() => stand.codex.startThread({ ...stand.thread, config }))).rejects.toMatchObject(refused);
    const thread = stand.codex.startThread(stand.thread);
    await thread.run("Work");
    const id = thread.id ?? "";
    await thread.close();
    await expect(attempt(() => stand.codex.resumeThread(id, { ...stand.thread, config }))).rejects.toMatchObject(
      refused,
    );
    const fresh = stand.codex.startThread(stand.thread);
    await expect(fresh.update({ config }).then(() => fresh.run("Work"))).rejects.toMatchObject(refused);
    const override = 'hooks.Stop=[{hooks=[{type="command",command="true"}]}]';
    await using overridden = stand.client({ configOverrides: [override] });
    await expect(attempt(() => overridden.startThread(stand.thread))).rejects.toMatchObject(refused);
    expect(stand.model.requests).toHaveLength(1);
  });
});

describe("codex's hooks in `config`", () => {
  it("[T1] are refused on app-server with a hash of another hook", async () => {
    await using stand = await openRealCodex("app-server", []);
    const hooks = { ...hooksTo("/one"), state: { [key]: { trusted_hash: await hashOf(hooksTo("/other")) } } };
    const thread = stand.codex.startThread({ ...stand.thread, config: { hooks } });
    await expect(thread.run("Work")).rejects.toMatchObject({ code: "INVALID_OPTION", option: "config" });
  });

  it.each<[string, CodexConfigObject]>([
    ["knows no such event", { pre_tool_use: [{ hooks: [{ type: "command", command: "true" }] }] }],
    ["prompt hooks are not supported", { PreToolUse: [{ hooks: [{ type: "prompt", prompt: "Is it safe?" }] }] }],
    ["invalid matcher", { PreToolUse: [{ matcher: "(", hooks: [{ type: "command", command: "true" }] }] }],
  ])("[T1] that codex cannot run are refused on app-server: %s", async (reason, hooks) => {
    await using stand = await openRealCodex("app-server", []);
    const run = stand.codex.startThread({ ...stand.thread, config: { hooks } }).run("Work");
    const error: unknown = await run.catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "INVALID_OPTION", option: "config" });
    expect(String(error)).toContain(reason);
    expect(stand.model.requests).toEqual([]);
  });

  it("[T1] that `config` switches off are accepted", async () => {
    await using stand = await openRealCodex("app-server", [respond(message("Done."))]);
    const config = { features: { hooks: false }, hooks: hooksTo("/one") };
    await stand.codex.startThread({ ...stand.thread, config }).run("Work");
    expect(stand.model.requests).toHaveLength(1);
  });

  it("[T1] are refused on exec with a hash for a hook of a file", async () => {
    await using stand = await openRealCodex("exec", []);
    const state = { "/etc/codex/config.toml:pre_tool_use:0:0": { trusted_hash: `sha256:${"0".repeat(64)}` } };
    const config = { hooks: { ...hooksTo("/one"), state } };
    expect(() => stand.codex.startThread({ ...stand.thread, config })).toThrow(OptionError);
  });
});
