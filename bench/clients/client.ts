/** A way to run turns of codex, as small as can be, so that each client says it in its own words. */
export interface Client {
  /** A new thread, which starts with its first turn. */
  openThread(): ClientThread;
  close(): Promise<void>;
}

export interface ClientThread {
  /** Runs a turn to its end and gives the model's answer. */
  turn(prompt: string): Promise<string>;
}
