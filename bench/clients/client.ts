/** The interface that each client implements, as small as possible. */
export interface Client {
  /** Creates a thread. It starts with its first turn. */
  openThread(): ClientThread;
  close(): Promise<void>;
}

export interface ClientThread {
  /** Runs a turn to its end and returns the model's answer. */
  turn(prompt: string): Promise<string>;
}
