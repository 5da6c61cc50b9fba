import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Codex, ThreadStartOptions } from "../../../src/index.js";
import { functionCall, message, type ModelRequest, respond } from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";
import { initRepository } from "./hostile-repository.js";

/** Without the temporary folder, in which the whole clone may lie. */
const sandbox = { exclude_slash_tmp: true, exclude_tmpdir_env_var: true };
const writable = { sandboxMode: "workspace-write", config: { sandbox_workspace_write: sandbox } } as const;

/** Runs one turn with one command, and returns its warnings and the command's output. */
async function play(stand: RealCodex, codex: Codex, options: ThreadStartOptions) {
  const before = stand.model.requests.length;
  const warnings: string[] = [];
  for await (const event of codex.startThread({ ...stand.thread, ...options }).runStreamed("Work")) {
    if (event.type === "codexkit.warning") warnings.push(event.message);
  }
  const requests: readonly ModelRequest[] = stand.model.requests.slice(before);
  return { warnings, output: JSON.stringify(requests.at(-1)?.output("call") ?? null) };
}

const script = (command: string, turns: number) =>
  Array.from({ length: turns }, () => [
    // A login shell would set PATH itself.
    respond(functionCall("exec_command", { cmd: command, login: false }, { callId: "call" })),
    respond(message("Done.")),
  ]).flat();

describe.each(transports)("the host program's places on %s", (transport) => {
  it("[T3] that commands may write to are reported once, and codex runs without those on its PATH", async () => {
    await using stand = await openRealCodex(transport, script('echo "PATH=$PATH"', 3));
    const bin = join(stand.workTree, "node_modules", ".bin");
    await mkdir(bin, { recursive: true });
    const env = {
      ...stand.model.codexOptions({ codexHome: stand.home }).env,
      PATH: `${bin}:.:${process.env["PATH"] ?? ""}`,
      HOME: join(stand.workTree, "home"),
    };
    await using codex = stand.client({ env });
    const first = await play(stand, codex, writable);
    expect(first.warnings).toEqual([
      expect.stringMatching(`PATH ${bin} .*codex runs without it`),
      expect.stringContaining(`HOME ${env.HOME}`),
    ]);
    expect(first.output).toContain("PATH=");
    expect(first.output).not.toContain(bin);
    const pid = stand.pids.at(-1);
    if (transport === "app-server") {
      const environment = (await readFile(`/proc/${pid ?? 0}/environ`, "utf8")).split("\0");
      expect(environment.filter((entry) => entry.startsWith("PATH=")).join()).not.toContain(`${bin}:`);
    }
    expect((await play(stand, codex, writable)).warnings).toEqual([]);
    expect((await play(stand, codex, {})).output).toContain("PATH=");
  });

  it("[T3] of a codex that runs already are reported, and the shells of a later thread do not have them", async () => {
    await using stand = await openRealCodex(transport, script('echo "PATH=$PATH"', 2));
    const bin = join(stand.home, "..", "later", "bin");
    await mkdir(bin, { recursive: true });
    const { env } = stand.model.codexOptions({ codexHome: stand.home });
    await using codex = stand.client({ env: { ...env, PATH: `${bin}:${process.env["PATH"] ?? ""}` } });
    expect((await play(stand, codex, writable)).output).toContain("later/bin");
    const later = { ...writable, workingDirectory: join(bin, "..") };
    const { warnings, output } = await play(stand, codex, later);
    expect(warnings).toMatchObject(
      [transport === "exec" ? /codex runs without it/ : /only the shells of this thread run without it/].map(
        (pattern) => expect.stringMatching(pattern) as unknown,
      ),
    );
    expect(output).not.toContain("later/bin");
  });

  it("[T1] that a repository without trust could bring are not on codex's PATH, also in read-only", async () => {
    await using stand = await openRealCodex(transport, script("true", 2));
    const bin = join(stand.workTree, "node_modules", ".bin");
    const proof = join(stand.home, "proof");
    for (const folder of [bin, stand.workTree]) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "git"), `#!/bin/sh\ntouch ${proof}\n`, { mode: 0o755 });
    }
    initRepository(stand.workTree);
    const { env } = stand.model.codexOptions({ codexHome: stand.home });
    const PATH = [bin, ".", "", "node_modules/.bin", process.env["PATH"] ?? ""].join(delimiter);
    await using codex = stand.client({ env: { ...env, PATH } });
    const { warnings } = await play(stand, codex, {});
    expect(existsSync(proof)).toBe(false);
    expect(warnings).toEqual([expect.stringMatching(`PATH ${bin} lies in the working directory.*runs without it`)]);
    await using alone = stand.client({ env: { ...env, PATH: bin } });
    await play(stand, alone, {});
    expect(existsSync(proof)).toBe(false);
  });

  it("[T3] are not reported in a read-only thread, nor below the folders that codex protects", async () => {
    await using stand = await openRealCodex(transport, script("true", 2));
    const codexHome = join(stand.workTree, ".codex");
    await mkdir(codexHome);
    await using codex = stand.client(stand.model.codexOptions({ codexHome }));
    expect((await play(stand, codex, writable)).warnings).toEqual([]);
    expect((await play(stand, codex, { workingDirectory: "/" })).warnings).toEqual([]);
  });
});
