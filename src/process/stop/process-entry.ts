/** A process in the list of the operating system. `pid` and `startTime` together identify it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly startTime: string;
  /** The process has ended, and its parent has not collected its exit yet. */
  readonly zombie: boolean;
  /** Its environment contains the marker. */
  readonly marked: boolean;
}

/**
 * An environment variable that a child and all its descendants inherit. Every process with the marker is killed, so the name
 * must be one that only a run or a thread of codex has.
 */
export interface EnvironmentMarker {
  readonly name: `CODEXKIT_RUN_${string}` | "CODEX_THREAD_ID" | "CODEX_SESSION_ID";
  readonly value: string;
}

export interface ProcessTable {
  /** Lists the processes. With `onlyNew`, may return the entries of the list before for processes that it showed. */
  list(options?: { readonly onlyNew?: boolean }): Promise<readonly ProcessEntry[]>;
  /** Returns true if the pid still belongs to the process of this entry. */
  isSame(entry: ProcessEntry): boolean;
}
