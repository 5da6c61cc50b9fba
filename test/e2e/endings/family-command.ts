import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { sleepers } from "../../unit/process/survivors.js";

const script = fileURLToPath(new URL("../../agents/family.sh", import.meta.url));

/** The least number of sleeping processes: two double-forked ones, and one of each other kind. */
const fewestSleepers = 6;

export interface FamilyOptions {
  /** Includes daemons with an empty environment. Default: true. */
  readonly bare?: boolean;
}

/**
 * Returns a shell command that starts a family of processes that are hard to end. It ignores SIGINT and SIGTERM and keeps
 * running. Each process has the token on its command line. The family has a grandchild with an open output, a shell that
 * ignores SIGTERM, and daemons in their own sessions, some double-forked and some with an empty environment.
 */
export function familyCommand(token: string, { bare = true }: FamilyOptions = {}): string {
  const daemon = bare ? `env -i setsid sleep 86400.${token} & ` : "";
  const kinds = [
    "plain",
    "ignores-term",
    "daemon",
    "nohup",
    "double-forked-daemon",
    ...(bare ? ["bare-environment"] : []),
  ];
  return `${daemon}exec bash ${script} ${token} stubborn ${kinds.join(" ")}`;
}

/** Returns a shell command that starts only the daemons and ends. */
export function daemonsCommand(token: string): string {
  return `bash ${script} ${token} polite daemon nohup double-forked-daemon < /dev/null > /dev/null 2>&1`;
}

/** Resolves when all processes of `familyCommand` are running. */
export async function familyIsUp(token: string, { bare = true }: FamilyOptions = {}): Promise<void> {
  const fewest = fewestSleepers + (bare ? 2 : 0);
  await expect.poll(() => sleepers(token).length, { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(fewest);
}
