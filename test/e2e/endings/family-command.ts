import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { sleepers } from "../../unit/process/survivors.js";

const script = fileURLToPath(new URL("../../agents/family.sh", import.meta.url));

/** How many of the family sleep at least: two of the double-forked ones, and one each of the other kinds. */
const fewestSleepers = 6;

export interface FamilyOptions {
  /** Whether daemons with an emptied environment are among them. Default: true. */
  readonly bare?: boolean;
}

/**
 * A shell command that builds a family that is hard to end, every member with the token on its command line, and stays
 * itself, deaf to SIGINT and SIGTERM: a grandchild that holds the output, a shell that ignores SIGTERM, daemons in
 * sessions of their own, some double-forked and some without their environment.
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

/** The daemons alone: what a command leaves behind when it has ended. */
export function daemonsCommand(token: string): string {
  return `bash ${script} ${token} polite daemon nohup double-forked-daemon < /dev/null > /dev/null 2>&1`;
}

/** Resolves when the family of `familyCommand` is there. */
export async function familyIsUp(token: string, { bare = true }: FamilyOptions = {}): Promise<void> {
  const fewest = fewestSleepers + (bare ? 2 : 0);
  await expect.poll(() => sleepers(token).length, { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(fewest);
}
