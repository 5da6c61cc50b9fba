/** One process as the operating system lists it. `pid` and `startTime` together name it for good. */
export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly startTime: string;
  /** It ended, and only waits for its parent to take notice. */
  readonly zombie: boolean;
  /** Its environment holds the marker that was asked for. */
  readonly marked: boolean;
}

/**
 * An entry of the environment that a child and all that it starts inherit. Only names that nothing but a run or a thread
 * of codex carries: whatever carries a marker gets killed.
 */
export interface EnvironmentMarker {
  readonly name: `CODEXKIT_RUN_${string}` | "CODEX_THREAD_ID" | "CODEX_SESSION_ID";
  readonly value: string;
}

export interface ProcessTable {
  list(): Promise<readonly ProcessEntry[]>;
  /** Whether the process of this entry is still the one that has its pid. */
  isSame(entry: ProcessEntry): boolean;
}
