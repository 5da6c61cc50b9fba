import type { EnvironmentMarker } from "./process-entry.js";

/**
 * What marks the processes of a codex that a command of this thread started: codex gives its commands the id of their
 * own thread only. Null where this is no id of a thread.
 */
export function nestedMarker(threadId: string): EnvironmentMarker | null {
  if (!/^[0-9a-f-]{32,}$/i.test(threadId)) return null;
  return { name: `CODEXKIT_RUN_${threadId.replaceAll("-", "")}`, value: "1" };
}

/** The entries by which a carrier of the marker is known. */
export function markerEntries({ name, value }: EnvironmentMarker): string[] {
  const nested = name === "CODEX_THREAD_ID" ? nestedMarker(value) : null;
  return [`${name}=${value}`, ...(nested === null ? [] : [`${nested.name}=${nested.value}`])];
}
