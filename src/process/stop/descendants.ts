import type { ProcessEntry } from "./process-entry.js";

/**
 * All that a codex started, remembered across scans: who was once seen as a member stays one, also when its parent ends
 * and the system gives it a new one.
 */
export interface Family {
  /** Takes in what the scan shows as new, and gives the members that live. */
  note(entries: readonly ProcessEntry[]): ProcessEntry[];
}

/**
 * A member is the root, a child of a member, a carrier of the marker, or belongs to a session or a process group that a
 * member leads. (Codex gives each shell a session and each MCP server a group of its own.) We and our ancestors are never
 * members, whatever they carry; a process that got the pid of a member that ended is none either.
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
