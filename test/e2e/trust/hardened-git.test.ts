import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CodexOptions, ThreadStartOptions } from "../../../src/index.js";
import { message, type ModelRequest, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";
import { initRepository } from "./hostile-repository.js";

const settings = "git config --get-regexp 'safe.bare|fsmonitor|hookspath|test.own'; echo status $?";
const hardened = ["safe.barerepository explicit", "core.fsmonitor false", "core.hookspath /dev/null", "status 0"];

async function outputOf(stand: RealCodex, options: CodexOptions, thread: ThreadStartOptions = {}): Promise<string[]> {
  const { env } = stand.model.codexOptions({ codexHome: stand.home });
  await using codex = stand.client({ ...options, env: { ...env, ...options.env } });
  await codex.startThread({ ...stand.thread, ...thread }).run("Work");
  const output: unknown = stand.model.requests.at(-1)?.output("call");
  const text = typeof output === "string" ? output : JSON.stringify(output);
  return [...text.matchAll(/^(?:safe|core|test|status|error|fatal).*$/gm)].map(([line]) => line);
}

const steps = (command: string, turns: number) =>
  Array.from({ length: turns }, () => [
    respond(shell(command, { callId: "call" })),
    (_: ModelRequest) => respond(message("Done.")),
  ]).flat();

describe.each(transports)("git of the agent's commands on %s", (transport) => {
  it("[T3] is hardened under every policy of variables, and entries of the caller are kept", async () => {
    const own = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "test.own", GIT_CONFIG_VALUE_0: "yes" };
    const policy = (shell_environment_policy: Record<string, string | boolean | string[]>) => ({
      config: { shell_environment_policy },
    });
    await using stand = await openRealCodex(transport, steps(settings, 8));
    expect(await outputOf(stand, {})).toEqual(hardened);
    expect(await outputOf(stand, { env: own })).toEqual(["test.own yes", ...hardened]);
    expect(await outputOf(stand, {}, policy({ ignore_default_excludes: false }))).toEqual(hardened);
    expect(await outputOf(stand, { env: own }, policy({ ignore_default_excludes: false }))).toEqual(hardened);
    expect(await outputOf(stand, { env: own }, policy({ inherit: "core" }))).toEqual(hardened);
    expect(await outputOf(stand, {}, policy({ include_only: ["PATH", "HOME"] }))).toEqual(hardened);
    const same = { ...own, GIT_CONFIG_KEY_0: "core.hooksPath", GIT_CONFIG_VALUE_0: "/my/hooks" };
    expect(await outputOf(stand, { env: same })).toContain("core.hookspath /my/hooks");
    expect(await outputOf(stand, { hardenGit: false, env: own })).toEqual(["test.own yes", "status 0"]);
  });

  it("[T3] does not run a file monitor of a bare repository that the model has written into its folder", async () => {
    for (const hardenGit of [true, false]) {
      await using stand = await openRealCodex(transport, steps("cd bare && git status; echo status $?", 1));
      initRepository(stand.workTree);
      const trace = join(stand.workTree, "trace");
      const bare = join(stand.workTree, "bare");
      await mkdir(bare);
      execFileSync("git", ["init", "--quiet", "--bare", bare]);
      await writeFile(
        join(bare, "config"),
        `[core]\nrepositoryformatversion = 0\nbare = false\nworktree = ${stand.workTree}\nfsmonitor = "touch ${trace}; false"\n`,
      );
      await outputOf(stand, { hardenGit }, { sandboxMode: "workspace-write" });
      expect(existsSync(trace)).toBe(!hardenGit);
    }
  });
});
