import { homedir } from "node:os";

/** Returns the user's home folder. Returns null for a user without one: HOME is not set, and the system has no entry of the user. */
export function homeFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}
