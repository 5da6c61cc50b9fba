import { existsSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OptionError, type ThreadStartOptions } from "../../../src/index.js";
import { addFile, message, type ModelItem, patch, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex, transports } from "../real-codex.js";

const secret = "canary-of-the-protected-file";

const open = async (transport: (typeof transports)[number], calls: readonly ModelItem[]): Promise<RealCodex> => {
  const stand = await openRealCodex(transport, [...calls.map((call) => respond(call)), respond(message("Done."))]);
  const { workTree } = stand;
  await mkdir(join(workTree, "deep/er"), { recursive: true });
  await mkdir(join(workTree, "ci"));
  for (const path of [".env", "deep/er/.env", "ci/x.yml"]) await writeFile(join(workTree, path), `${secret}\n`);
  return stand;
};

const outputsOf = (stand: RealCodex): string =>
  JSON.stringify(stand.model.requests.map(({ outputs }) => outputs.map(({ text }) => text)));

const protecting: ThreadStartOptions = {
  sandboxMode: "workspace-write",
  protectedPaths: [".env", "deep/er/.env", ".github", { path: "ci", access: "read" }],
};

const attacks: readonly ModelItem[] = [
  shell("cat .env deep/er/.env; grep -r canary . --include=.env"),
  shell("echo evil >> .env; echo evil > deep/er/.env; ln .env linked && cat linked"),
  shell("mv .env moved && cat moved"),
  shell("mv deep deeper"),
  shell("cat deeper/er/.env; mkdir -p deep/er && echo evil > deep/er/.env"),
  shell("mkdir -p .github/workflows && echo evil > .github/workflows/ci.yml"),
  shell("echo evil >> ci/x.yml; rm -r ci; mv ci ci2; cat ci/x.yml > read-of-ci"),
  patch([addFile(".env", "evil\n")]),
  patch([addFile("deep/er/.env", "evil\n")]),
  patch([addFile(".github/ci.yml", "evil\n")]),
  patch([addFile("ci/new.yml", "evil\n")]),
  shell("echo fine > free"),
];

async function expectProtected({ workTree }: RealCodex): Promise<void> {
  for (const path of [".env", "deep/er/.env", "ci/x.yml"])
    expect(await readFile(join(workTree, path), "utf8"), path).toBe(`${secret}\n`);
  for (const path of [".github/workflows", ".github/ci.yml", "ci/new.yml"])
    expect(existsSync(join(workTree, path)), path).toBe(false);
}

describe.each(transports)("protected paths on %s", (transport) => {
  it(
    "[T4] stay unread and unchanged, existing or not, against commands and patches",
    { timeout: 120_000 },
    async () => {
      await using stand = await open(transport, attacks);
      const thread = stand.codex.startThread({ ...stand.thread, ...protecting });
      expect((await thread.run("Work")).status).toBe("completed");
      await expectProtected(stand);
      expect(outputsOf(stand)).not.toContain(secret);
      expect(await readFile(join(stand.workTree, "free"), "utf8")).toBe("fine\n");
      expect(await readFile(join(stand.workTree, "read-of-ci"), "utf8")).toBe(`${secret}\n`);
    },
  );

  it("[T4] stay protected in later turns and after resume, with network access and further directories", async () => {
    const probe = "cat .env; echo evil > .env; echo fine > free; echo fine > ../other/free";
    const steps = [1, 2, 3].flatMap((n) => [
      respond(shell(probe, { callId: `c${String(n)}` })),
      respond(message("Done.")),
    ]);
    await using again = await openRealCodex(transport, steps);
    const other = join(again.workTree, "..", "other");
    await mkdir(other);
    await writeFile(join(again.workTree, ".env"), `${secret}\n`);
    const options = { ...protecting, protectedPaths: [join(again.workTree, ".env")], additionalDirectories: [other] };
    const thread = again.codex.startThread({ ...again.thread, ...options, networkAccessEnabled: true });
    await thread.run("Work");
    await thread.run("Work");
    const state = JSON.parse(JSON.stringify(thread)) as ReturnType<typeof thread.toJSON>;
    await thread.close();
    await again.client().resumeThread(state).run("Work");
    expect(await readFile(join(again.workTree, ".env"), "utf8")).toBe(`${secret}\n`);
    expect(outputsOf(again)).not.toContain(secret);
    expect(await readFile(join(other, "free"), "utf8")).toBe("fine\n");
    expect(again.model.requests).toHaveLength(6);
  });

  it("[T4] are unread in a read-only sandbox", async () => {
    await using stand = await open(transport, [shell("cat .env deep/er/.env; touch free")]);
    await stand.codex.startThread({ ...stand.thread, protectedPaths: [".env", "deep/er/.env"] }).run("Work");
    expect(outputsOf(stand)).toContain("Permission denied");
    expect(outputsOf(stand)).not.toContain(secret);
    expect(existsSync(join(stand.workTree, "free"))).toBe(false);
  });

  it("[T4] are refused outside the working directory, behind a link, and with contradicting options", async () => {
    await using stand = await open(transport, []);
    const start = (options: ThreadStartOptions) => stand.codex.startThread({ ...stand.thread, ...options });
    for (const path of ["../x", "/etc/passwd", ".", "a/../..", "**/.env", ""])
      expect(() => start({ protectedPaths: [path] }), path).toThrow(OptionError);
    expect(() => start({ sandboxMode: "danger-full-access", protectedPaths: [".env"] })).toThrow(OptionError);
    expect(() => start({ config: { default_permissions: "x" }, protectedPaths: [".env"] })).toThrow(OptionError);
    await symlink("ci", join(stand.workTree, "link"));
    await expect(start({ protectedPaths: ["link/x.yml"] }).run("Work")).rejects.toThrow("leads through one");
    await expect(start({ protectedPaths: ["no/folder"] }).run("Work")).rejects.toThrow("whose folder does not exist");
    const thread = start(protecting);
    expect(() => thread.runStreamed("Work", { sandboxMode: "danger-full-access" })).toThrow(OptionError);
    expect(() => thread.runStreamed("Work", { workingDirectory: "/" })).toThrow(OptionError);
  });
});

it("[T4] protected paths hold in a turn after the turn of a handle without them", { timeout: 60_000 }, async () => {
  const probe = (n: number) => respond(shell("cat .env; echo evil >> .env", { callId: `c${String(n)}` }));
  const done = respond(message("Done."));
  await using stand = await openRealCodex("app-server", [done, done, probe(1), done]);
  await writeFile(join(stand.workTree, ".env"), `${secret}\n`);
  const guarded = stand.codex.startThread({
    ...stand.thread,
    sandboxMode: "workspace-write",
    protectedPaths: [".env"],
  });
  await guarded.run("Start");
  const open = stand.codex.resumeThread(guarded.id ?? "", { ...stand.thread, sandboxMode: "workspace-write" });
  await open.run("Without protection");
  await guarded.run("With protection");
  expect(outputsOf(stand)).toContain("Permission denied");
  expect(await readFile(join(stand.workTree, ".env"), "utf8")).toBe(`${secret}\n`);
});
