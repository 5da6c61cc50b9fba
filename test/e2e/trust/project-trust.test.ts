import { randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SandboxMode, ThreadEvent, ThreadStartOptions, TurnOptions } from "../../../src/index.js";
import { message, type ModelRequest, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";
import {
  createHostileRepository,
  type HostileRepository,
  initRepository,
  plantedInstructions,
  plantedVariable,
  readConfig,
  trustIn,
} from "./hostile-repository.js";

/** The parts of the repository that codex has loaded in one turn. */
interface Traces {
  readonly mcp: boolean;
  readonly rule: boolean;
  readonly variable: boolean;
  readonly instructions: boolean;
}

const nothing: Traces = { mcp: false, rule: false, variable: false, instructions: false };
const everything: Traces = { mcp: true, rule: true, variable: true, instructions: true };

interface Play {
  readonly repository: HostileRepository;
  readonly thread?: ThreadStartOptions;
  readonly turn?: TurnOptions;
  readonly resume?: string;
}

/** The model's part of one turn: a command that the repository's rule allows, and the variables of a command. */
const script = (allowed: () => string) => [
  () => respond(shell(allowed(), { callId: "escape" })),
  () => respond(shell("env", { callId: "env" })),
  () => respond(message("Done.")),
];

/** Runs one turn of a new client, so that codex reads its configuration again. */
async function play(stand: RealCodex, { repository, thread = {}, turn = {}, resume }: Play) {
  await repository.reset();
  const before = stand.model.requests.length;
  await using codex = stand.client();
  const options = { ...stand.thread, workingDirectory: repository.folder, ...thread };
  const opened = resume === undefined ? codex.startThread(options) : codex.resumeThread(resume, options);
  const events: ThreadEvent[] = [];
  for await (const event of opened.runStreamed("Work", turn)) events.push(event);
  const requests: readonly ModelRequest[] = stand.model.requests.slice(before);
  const traces: Traces = {
    mcp: repository.started(),
    rule: repository.escaped(),
    variable: JSON.stringify(requests.map((request) => request.output("env"))).includes(plantedVariable),
    instructions: JSON.stringify(requests[0]?.body ?? null).includes(plantedInstructions),
  };
  return { traces, id: opened.id ?? "", warnings: events.filter(({ type }) => type === "codexkit.warning") };
}

const sandboxes: readonly SandboxMode[] = ["read-only", "workspace-write"];

describe.each(transports)("a repository on %s", (transport) => {
  async function open(turns: number): Promise<{ stand: RealCodex; repository: HostileRepository }> {
    let allowed = "";
    const steps = Array.from({ length: turns }, () => script(() => allowed)).flat();
    const stand = await openRealCodex(transport, steps);
    const repository = await createHostileRepository(
      join(stand.workTree, "repository"),
      join(stand.home, "..", "outside"),
    );
    allowed = repository.escape;
    return { stand, repository };
  }

  it.each(sandboxes)(
    "[T1] is not trusted in a %s thread, at start, on resume and in later threads",
    async (sandboxMode) => {
      const { stand, repository } = await open(4);
      await using _ = stand;
      const first = await play(stand, { repository, thread: { sandboxMode } });
      expect(first.traces).toEqual(nothing);
      expect((await play(stand, { repository, thread: { sandboxMode }, resume: first.id })).traces).toEqual(nothing);
      const turn = { sandboxMode: "workspace-write" } as const;
      expect((await play(stand, { repository, turn })).traces).toEqual(nothing);
      expect((await play(stand, { repository })).traces).toEqual(nothing);
      expect(await readConfig(stand.home)).toBe("");
    },
  );

  it("[T1] is trusted with `trustProject`, in this thread only, and nothing is written", async () => {
    const { stand, repository } = await open(3);
    await using _ = stand;
    const thread = { sandboxMode: "workspace-write", trustProject: true } as const;
    const { traces, id } = await play(stand, { repository, thread });
    expect(traces).toEqual(everything);
    expect((await play(stand, { repository, thread, resume: id })).traces).toEqual(everything);
    expect((await play(stand, { repository })).traces).toEqual(nothing);
    expect(await readConfig(stand.home)).toBe("");
  });

  it("[T1] is not trusted through the user's configuration, which one warning reports", async () => {
    const { stand, repository } = await open(2);
    await using _ = stand;
    const inner = join(repository.folder, "packages", "a");
    await mkdir(inner, { recursive: true });
    // Codex looks up the folder itself, those above it, and the root of the repository.
    const trusted = [inner, dirname(inner), repository.folder];
    await writeFile(join(stand.home, "config.toml"), trustIn(trusted));
    const { traces, warnings } = await play(stand, { repository, thread: { workingDirectory: inner } });
    expect(traces).toEqual(nothing);
    expect(warnings).toMatchObject(trusted.map(() => ({ code: "PROJECT_TRUST_IGNORED" })));
    expect(JSON.stringify(warnings)).toContain(repository.folder);
    const thread = { workingDirectory: inner, trustProject: true };
    expect((await play(stand, { repository, thread })).warnings).toEqual([]);
  });

  it("[T1] is not trusted through a link to it, or as a linked work tree of a trusted repository", async () => {
    const { stand, repository } = await open(2);
    await using _ = stand;
    const link = join(stand.workTree, "link");
    await symlink(repository.folder, link);
    const main = join(stand.workTree, "main");
    const linked = join(stand.workTree, "linked");
    initRepository(main);
    const commit = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "x"];
    execFileSync("git", commit, { cwd: main });
    execFileSync("git", ["worktree", "add", "--quiet", linked], { cwd: main });
    await writeFile(join(stand.home, "config.toml"), trustIn([repository.folder, main]));
    const byLink = await play(stand, { repository, thread: { workingDirectory: link } });
    expect(byLink.traces).toEqual(nothing);
    expect(byLink.warnings).toMatchObject([{ code: "PROJECT_TRUST_IGNORED" }]);
    const inTree = await createHostileRepository(linked, join(stand.home, "..", "outside"));
    const asTree = await play(stand, { repository: inTree });
    expect(asTree.traces).toEqual(nothing);
    expect(asTree.warnings).toMatchObject([{ message: expect.stringContaining(main) as unknown }]);
  });

  it("[T1] of a turn's own working directory is not trusted, also in a thread that trusts another one", async () => {
    const { stand, repository } = await open(1);
    await using _ = stand;
    const own = join(stand.workTree, "own");
    initRepository(own);
    await writeFile(join(stand.home, "config.toml"), trustIn([repository.folder]));
    const thread = { workingDirectory: own, trustProject: true };
    const { traces } = await play(stand, { repository, thread, turn: { workingDirectory: repository.folder } });
    // On app-server the thread's own trust decides whether codex reads instructions, which are text.
    expect(traces).toEqual({ ...nothing, instructions: transport === "app-server" });
  });

  it("[T1] is not trusted after `thread.update()` has moved the thread to it", async () => {
    const { stand, repository } = await open(1);
    await using _ = stand;
    const own = join(stand.workTree, "own");
    initRepository(own);
    await writeFile(join(stand.home, "config.toml"), trustIn([repository.folder]));
    await using codex = stand.client();
    const thread = codex.startThread({ ...stand.thread, workingDirectory: own });
    if (transport === "app-server") await thread.start();
    await thread.update({ workingDirectory: repository.folder, sandboxMode: "workspace-write" });
    await thread.run("Work");
    expect([repository.started(), repository.escaped()]).toEqual([false, false]);
  });

  it("[T1] is not trusted because a thread that trusts another one is moved to it", async () => {
    const { stand, repository } = await open(0);
    await using _ = stand;
    const thread = stand.codex.startThread({ ...stand.thread, trustProject: true });
    const moved = { workingDirectory: repository.folder };
    const refused = { code: "INVALID_OPTION", option: "workingDirectory" };
    await expect(thread.update(moved)).rejects.toMatchObject(refused);
    const stored = stand.codex.resumeThread(randomUUID(), { ...stand.thread, trustProject: true });
    const state = stored.toJSON();
    expect(() => stand.codex.resumeThread(state, moved)).toThrow(expect.objectContaining(refused));
    expect(() => stand.codex.resumeThread(state, { ...moved, trustProject: true })).not.toThrow();
    await expect(thread.update({ workingDirectory: stand.workTree })).resolves.toBeUndefined();
    await expect(thread.update({ ...moved, trustProject: false })).resolves.toBeUndefined();
  });
});

describe("contradictory trust", () => {
  it("[T1] is refused before a process starts", async () => {
    await using stand = await openRealCodex("app-server", []);
    const folder = stand.workTree;
    const projects = (level: string, path = folder) => ({ projects: { [path]: { trust_level: level } } });
    const start =
      (thread: ThreadStartOptions, codex = stand.codex) =>
      (): unknown =>
        codex.startThread({ ...stand.thread, ...thread });
    const refused = expect.objectContaining({ code: "INVALID_OPTION", option: "config" }) as unknown;
    expect(start({ config: projects("trusted") })).toThrow(refused);
    expect(start({ config: projects("trusted", "/another") })).toThrow(refused);
    expect(start({ config: projects("trusted"), trustProject: false })).toThrow(/trustProject: true/);
    expect(start({ config: projects("untrusted"), trustProject: true })).toThrow(refused);
    expect(start({ config: { [`projects."${folder}".trust_level`]: "trusted" } })).toThrow(refused);
    const raw = stand.client({ configOverrides: [`projects={"${folder}"={trust_level="trusted"}}`] });
    expect(start({}, raw)).toThrow(refused);
    expect(start({ trustProject: true }, raw)).not.toThrow();
    expect(start({ config: projects("untrusted", "/another"), trustProject: true })).not.toThrow();
    expect(stand.pids).toEqual([]);
  });
});
