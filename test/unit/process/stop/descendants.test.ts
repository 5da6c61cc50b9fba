import { spawn } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFamily } from "../../../../src/process/stop/descendants.js";
import { holdsEntry, parseProcStat } from "../../../../src/process/stop/linux-process-table.js";
import { createProcessTable, startOf } from "../../../../src/process/stop/process-table.js";
import { parsePsEnvironment, parsePsProcesses } from "../../../../src/process/stop/ps-output.js";
import type { ProcessEntry } from "../../../../src/process/stop/process-entry.js";

const self = 100;

describe("a family of processes", () => {
  it("consists of the root, its tree, the processes with the marker, and those of a session or group that a member leads", () => {
    const entries = [
      entry(self, 50),
      entry(200, self),
      entry(201, 200, { sid: 201, pgid: 201 }),
      entry(202, 1, { sid: 201 }),
      entry(203, 1, { pgid: 201 }),
      entry(204, 1, { marked: true }),
      entry(205, 204),
      entry(300, self),
      entry(301, 1),
    ];
    expect(pids(createFamily(200, self).note(entries))).toEqual([200, 201, 202, 203, 204, 205]);
  });

  it("keeps a member that lost its parent, and finds its later children", () => {
    const family = createFamily(200, self);
    family.note([entry(200, self), entry(201, 200, { sid: 201 }), entry(202, 201)]);
    expect(pids(family.note([entry(202, 1), entry(203, 202), entry(204, 1, { sid: 201 })]))).toEqual([202, 203, 204]);
  });

  it("[A1.5] does not mistake a process that reuses the pid of a member for the member", () => {
    const family = createFamily(200, self);
    family.note([entry(200, self), entry(201, 200, { sid: 201, startTime: "10" })]);
    const reused = [entry(201, 1, { sid: 201, startTime: "99" }), entry(202, 201), entry(203, 1, { sid: 201 })];
    expect(family.note(reused)).toEqual([]);
    expect(createFamily(200, self).note([entry(200, 1)])).toEqual([]);
  });

  it("[A1.5] never includes this process, its ancestors or the first process, even with the marker", () => {
    const someEntry = fc.record({
      pid: fc.integer({ min: 1, max: 12 }),
      ppid: fc.integer({ min: 0, max: 12 }),
      pgid: fc.integer({ min: 1, max: 12 }),
      sid: fc.integer({ min: 1, max: 12 }),
      startTime: fc.constantFrom("1", "2"),
      zombie: fc.boolean(),
      marked: fc.boolean(),
    });
    const table = fc.uniqueArray(someEntry, { selector: ({ pid }) => pid });
    fc.assert(
      fc.property(fc.array(table, { maxLength: 4 }), fc.integer({ min: 2, max: 12 }), (tables, us) => {
        const family = createFamily(3, us);
        for (const entries of tables) {
          const members = pids(family.note(entries));
          for (const pid of ancestors(us, entries)) expect(members).not.toContain(pid);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("grows, and keeps every living member", () => {
    const family = createFamily(200, self);
    const entries = [entry(200, self), ...Array.from({ length: 500 }, (_, index) => entry(201 + index, 200 + index))];
    expect(family.note(entries.reverse())).toHaveLength(501);
    expect(family.note(entries.map((each) => ({ ...each, ppid: 1 })))).toHaveLength(501);
  });

  it("excludes ended processes", () => {
    expect(
      createFamily(200, self).note([entry(200, self, { zombie: true }), entry(201, 1, { marked: true, zombie: true })]),
    ).toEqual([]);
  });
});

describe("the process table", () => {
  it("parses a line of /proc/<pid>/stat with any name of the program", () => {
    const rest = "S 10 20 30 0 -1 4194560 1 0 0 0 5 6 0 0 20 0 1 0 777 1000 2 3";
    for (const name of ["codex", "a b", "evil) R 1 1 1", "(", ""]) {
      expect(parseProcStat(`42 (${name}) ${rest}`)).toEqual({
        pid: 42,
        ppid: 10,
        pgid: 20,
        sid: 30,
        startTime: "777",
        zombie: false,
      });
    }
    expect(parseProcStat(`42 (x) ${rest.replace("S", "Z")}`)?.zombie).toBe(true);
    expect(parseProcStat("")).toBeUndefined();
  });

  it("finds an entry of an environment only as a whole", () => {
    const holds = (environment: string): boolean => holdsEntry(Buffer.from(environment), Buffer.from("RUN=a"));
    expect(["RUN=a", "RUN=a\0", "X=1\0RUN=a\0Y=2\0", "RUN=ab\0RUN=a\0"].map(holds)).toEqual([true, true, true, true]);
    expect(["", "RUN=ab\0", "XRUN=a\0", "X=RUN=a\0", "RUN=\0"].map(holds)).toEqual([false, false, false, false, false]);
  });

  it("reads what ps prints on macOS", () => {
    const output =
      "  501     1   501      0 Ss   Mon Jan  5 10:00:00 2026    \n  502   501   501      0 Z+   Tue Jan  6 10:00:00 2026\nnoise\n";
    expect(parsePsProcesses(output, new Set([502]))).toEqual([
      { pid: 501, ppid: 1, pgid: 501, sid: 0, startTime: "Mon Jan  5 10:00:00 2026", zombie: false, marked: false },
      { pid: 502, ppid: 501, pgid: 501, sid: 0, startTime: "Tue Jan  6 10:00:00 2026", zombie: true, marked: true },
    ]);
    const environment =
      "  501 /bin/codex exec HOME=/x CODEXKIT_RUN_ab=1 PATH=/y\n  502 sh CODEXKIT_RUN_ab=12 XCODEXKIT_RUN_ab=1\n";
    expect(parsePsEnvironment(environment, [{ name: "CODEXKIT_RUN_ab", value: "1" }])).toEqual([501]);
  });

  it.skipIf(process.platform !== "linux")("shows this very process, and that it is still the same", async () => {
    const table = createProcessTable([]);
    const us = (await table.list()).find(({ pid }) => pid === process.pid);
    expect(us).toMatchObject({ ppid: process.ppid, zombie: false, marked: false });
    if (us === undefined) throw new Error("not listed");
    expect(table.isSame(us)).toBe(true);
    expect(table.isSame({ ...us, startTime: "1" })).toBe(false);
  });

  it.skipIf(process.platform !== "linux")(
    "[A1.5] shows marked processes since a start, and new ones later",
    async () => {
      const marker = { name: "CODEXKIT_RUN_table", value: "1" } as const;
      const start = () => spawn("sleep", ["60"], { env: { PATH: process.env["PATH"], [marker.name]: marker.value } });
      const children = [start()];
      onTestFinished(() => children.forEach((child) => void child.kill("SIGKILL")));
      const pidsOf = (list: readonly ProcessEntry[]) => pids(list.filter(({ marked }) => marked));
      const since = startOf(children[0]?.pid ?? 0);
      const table = createProcessTable([marker], { since });
      await expect.poll(async () => pidsOf(await table.list())).toEqual([children[0]?.pid]);
      children.push(start());
      const both = children.map(({ pid = 0 }) => pid);
      await expect.poll(async () => pidsOf(await table.list({ onlyNew: true }))).toEqual(both);
      expect(pids(await table.list())).toContain(process.pid);
      const later = createProcessTable([marker], { since: String(Number(since) + 1_000_000) });
      expect(pidsOf(await later.list())).toEqual([]);
    },
  );
});

function entry(pid: number, ppid: number, rest: Partial<ProcessEntry> = {}): ProcessEntry {
  return { pid, ppid, pgid: 1, sid: 1, startTime: "5", zombie: false, marked: false, ...rest };
}

function pids(entries: readonly ProcessEntry[]): number[] {
  return entries.map(({ pid }) => pid).sort((a, b) => a - b);
}

function ancestors(pid: number, entries: readonly ProcessEntry[]): number[] {
  const found = new Set([1]);
  for (let next: number | undefined = pid; next !== undefined && !found.has(next);) {
    found.add(next);
    next = entries.find((each) => each.pid === next)?.ppid;
  }
  return [...found];
}
