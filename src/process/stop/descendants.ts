import type { ProcessEntry } from "./process-entry.js";

/**
 * All processes that a codex started, across several scans: a process that was once a member stays one, even if its parent
 * ends and the system assigns it a new one.
 */
export interface Family {
  /** Adds the new members that a scan shows, and returns the living members. */
  note(entries: readonly ProcessEntry[]): ProcessEntry[];
}

/**
 * Creates an empty family. A member is the root, a child of a member, a process with the marker, or a process in a session or
 * process group that a member leads. (Codex starts each shell in its own session and each MCP server in its own group.) This
 * process and its ancestors are never members, even with the marker. A process that reuses the pid of an ended member is no
 * member either.
 */
export function createFamily(root: number | undefined, self: number): Family {
  const members = new Map<number, string>();
  const led = { sid: new Set<number>(), pgid: new Set<number>() };

  return {
    note(entries) {
      const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
      const protectedPids = selfAndAncestors(self, byPid);
      const isMember = ({ pid, startTime }: ProcessEntry): boolean => members.get(pid) === startTime;
      const isLedByMember = (kind: "sid" | "pgid", id: number): boolean => {
        const leader = byPid.get(id);
        return led[kind].has(id) && (leader === undefined || isMember(leader));
      };
      const belongs = (entry: ProcessEntry): boolean => {
        const parent = byPid.get(entry.ppid);
        return (
          entry.marked ||
          (entry.pid === root && entry.ppid === self) ||
          (parent !== undefined && isMember(parent)) ||
          isLedByMember("sid", entry.sid) ||
          isLedByMember("pgid", entry.pgid)
        );
      };

      let strangers = entries.filter((entry) => !isMember(entry) && !entry.zombie && !protectedPids.has(entry.pid));
      for (let grew = true; grew;) {
        const found = strangers.filter(belongs);
        for (const { pid, startTime, sid, pgid } of found) {
          members.set(pid, startTime);
          if (pid === sid) led.sid.add(pid);
          if (pid === pgid) led.pgid.add(pid);
        }
        strangers = strangers.filter((entry) => !isMember(entry));
        grew = found.length > 0;
      }
      return entries.filter((entry) => isMember(entry) && !entry.zombie && !protectedPids.has(entry.pid));
    },
  };
}

function selfAndAncestors(self: number, byPid: ReadonlyMap<number, ProcessEntry>): Set<number> {
  const pids = new Set([0, 1]);
  for (let pid = self; !pids.has(pid); pid = byPid.get(pid)?.ppid ?? 1) pids.add(pid);
  return pids;
}
