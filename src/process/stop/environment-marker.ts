import type { EnvironmentMarker } from "./process-entry.js";

/**
 * Returns the marker for processes of a codex that a command of this thread started; codex passes to its commands only the id
 * of their own thread. Returns null if the text is not a thread id.
 */
export function nestedMarker(threadId: string): EnvironmentMarker | null {
  if (!/^[0-9a-f-]{32,}$/i.test(threadId)) return null;
  return { name: `CODEXKIT_RUN_${threadId.replaceAll("-", "")}`, value: "1" };
}

/** Returns the environment entries that identify a process with the marker. */
export function markerEntries({ name, value }: EnvironmentMarker): string[] {
  const nested = name === "CODEX_THREAD_ID" ? nestedMarker(value) : null;
  return [`${name}=${value}`, ...(nested === null ? [] : [`${nested.name}=${nested.value}`])];
}
