import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it, vi } from "vitest";
import { message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, processesHolding, transports, type RealCodex } from "../real-codex.js";
import type { HostPlan } from "./host-program.js";
import { canUnshare, hostProgram, removeBundles, startCli, startHost } from "./start-host.js";

const { PATH = "" } = process.env;
const answer = respond(message("fine"));

afterAll(removeBundles);

type TransportName = (typeof transports)[number];

function planOf(stand: RealCodex, transport: TransportName, env: Readonly<Record<string, string>>): HostPlan {
  const { env: _, ...options } = stand.model.codexOptions({ codexHome: stand.home });
  return { codex: { ...options, env: { ..._, ...env }, transport, allowWritableBinary: true }, thread: stand.thread };
}

describe.each(transports)("a host in a container, %s", (transport) => {
  it.runIf(canUnshare)(
    "[A7.2] [H4] a CODEX_HOME on a read-only file system is HOME_UNUSABLE with its path",
    async () => {
      await using stand = await openRealCodex(transport, []);
      const place = { place: "ownMounts", readOnly: stand.home, env: { PATH } } as const;
      const report = await startHost(planOf(stand, transport, {}), place);
      expect(report).toMatchObject({ name: "HomeUnusableError", code: "HOME_UNUSABLE", retryable: false });
      expect(report).toMatchObject({ path: stand.home });
      expect(report.message).toContain("read-only file system");
    },
  );

  it.runIf(canUnshare)(
    "[A7.2] [H4] a user without an entry, HOME and CODEX_HOME is HOME_UNUSABLE without a path",
    async () => {
      await using stand = await openRealCodex(transport, []);
      const plan = planOf(stand, transport, {});
      const env = Object.fromEntries(
        Object.entries(plan.codex.env ?? {}).filter(([name]) => name !== "HOME" && name !== "CODEX_HOME"),
      );
      const report = await startHost(
        { ...plan, codex: { ...plan.codex, env } },
        { place: "foreignUser", env: { PATH } },
      );
      expect(report).toMatchObject({ code: "HOME_UNUSABLE", retryable: false, path: null });
      expect(report.message).toContain("Set CODEX_HOME");
    },
  );

  it("[A7.2] [H5] a TMPDIR that does not exist is TMPDIR_UNUSABLE with its path, before the model is asked", async () => {
    await using stand = await openRealCodex(transport, []);
    const TMPDIR = join(stand.home, "missing");
    const codex = stand.client({ env: { ...planOf(stand, transport, { TMPDIR }).codex.env } });
    const error: unknown = await codex
      .startThread({ ...stand.thread, sandboxMode: "workspace-write" })
      .run("Work")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "TMPDIR_UNUSABLE", retryable: false, path: TMPDIR });
    expect(stand.model.requests).toHaveLength(0);
  });

  it("[A7.2] [H3] a host whose own directory was removed runs a thread with an absolute directory, and else throws a typed error", async () => {
    await using stand = await openRealCodex(transport, [answer]);
    const plan = { ...planOf(stand, transport, {}), removeDirectoryIn: stand.home };
    const { workingDirectory: _, ...thread } = stand.thread;
    const [sound, relative] = await Promise.all([
      startHost(plan, { env: { PATH } }),
      startHost({ ...plan, thread }, { env: { PATH } }),
    ]);
    expect(sound).toEqual({ answer: "fine" });
    expect(relative).toMatchObject({ code: "WORKING_DIRECTORY_MISSING", option: "workingDirectory", retryable: false });
    expect(relative.message).toContain("was removed");
  });

  it("[A7.2] a host without free file handles fails with a retryable error, and its client works later", async () => {
    await using stand = await openRealCodex(transport, [answer]);
    const plan = { ...planOf(stand, transport, {}), useAllHandles: true };
    const { without, ...later } = await startHost(plan, { env: { PATH }, before: 'ulimit -n 128 && exec "$@"' });
    expect(without).toMatchObject({ code: "PROCESS_SPAWN_FAILED", retryable: true });
    expect(without?.message).toContain("EMFILE");
    expect(later).toEqual({ answer: "fine" });
  });

  it("[A7.2] workers have clients of their own, and the end of one ends its codex only", async () => {
    const mark = `61.${Math.floor(Math.random() * 1e9)}`;
    await using ended = await openRealCodex(transport, [respond(shell(`sleep ${mark}`))]);
    await using other = await openRealCodex(transport, [answer]);
    const program = await hostProgram();
    const start = (stand: RealCodex) =>
      new Worker(program, { argv: [JSON.stringify(planOf(stand, transport, {}))], stdout: true });
    const worker = start(ended);
    await vi.waitFor(async () => expect(await processesHolding(mark, "cmdline")).not.toEqual([]), { timeout: 20_000 });
    const second = start(other);
    await worker.terminate();
    expect(JSON.parse(await text(second.stdout))).toEqual({ answer: "fine" });
    await vi.waitFor(async () => expect(await processesHolding(ended.home, "environ")).toEqual([]), {
      timeout: 20_000,
    });
  });

  it("[A7.2] [H7] a relative binary and a relative CODEX_HOME keep their meaning after process.chdir()", async () => {
    await using stand = await openRealCodex(transport, [answer]);
    const before = process.cwd();
    const { env } = planOf(stand, transport, { CODEX_HOME: "../home" }).codex;
    process.chdir(stand.workTree);
    try {
      const codex = stand.client({ env: { ...env }, codexPathOverride: "./codex" });
      process.chdir(stand.home);
      const error: unknown = await codex.ready().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "BINARY_NOT_FOUND" });
      expect(String(error)).toContain(join(stand.workTree, "codex"));
      process.chdir(stand.workTree);
      const sound = stand.client({ env: { ...env } });
      process.chdir(before);
      expect((await sound.startThread(stand.thread).run("Work")).finalResponse).toBe("fine");
      expect(existsSync(join(stand.home, "sessions"))).toBe(true);
    } finally {
      process.chdir(before);
    }
  });
});

describe("codexkit doctor in a container", () => {
  it.runIf(canUnshare).each([
    ["a user without a home folder", "foreignUser", undefined, { summary: "HOME is not set" }],
    ["a read-only CODEX_HOME", "ownMounts", "home", { summary: "read-only" }],
  ] as const)("[A7.2] [H4] reports %s and does not die", async (_, place, readOnly, expected) => {
    await using stand = await openRealCodex("exec", []);
    const env = { PATH, ...(readOnly === undefined ? {} : { CODEX_HOME: stand.home, HOME: stand.home }) };
    const options = { place, env, cwd: stand.workTree, ...(readOnly === undefined ? {} : { readOnly: stand.home }) };
    const { stdout, stderr } = await startCli(["doctor", "--json"], options);
    expect(stderr).toBe("");
    const { checks } = JSON.parse(stdout) as {
      readonly checks: readonly { name: string; status: string; summary: string }[];
    };
    const home = checks.find(({ name }) => name === "codex-home");
    expect(home?.status).toBe("fail");
    expect(home?.summary).toContain(expected.summary);
  });

  it("[A7.2] [H3] [H5] reports a missing temporary folder, also if its own directory was removed", async () => {
    await using stand = await openRealCodex("exec", []);
    const gone = join(stand.workTree, "gone");
    await mkdir(gone);
    const env = { PATH, CODEX_HOME: stand.home, HOME: stand.home, TMPDIR: join(stand.home, "missing") };
    const script = 'rmdir "$PWD" && exec "$@"';
    const { stdout } = await startCli(["doctor", "--json"], { env, cwd: gone, before: script });
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly { name: string; status: string }[] };
    expect(checks.find(({ name }) => name === "tmpdir")).toMatchObject({ status: "fail" });
  });
});
