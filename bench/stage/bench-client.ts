import type { Home } from "./home.js";
import { measureMemory, type Memory } from "./memory.js";
import { startProgram } from "./programs.js";

/**
 * What is compared: a script of a few lines on the app-server's own protocol, one on `codex exec --json`, codexkit on both
 * transports, and the official SDK, which has only exec.
 */
export type ClientName = "bare" | "bare-exec" | "codexkit" | "codexkit-exec" | "official";

/** What a client program is started with. */
export interface ClientSettings {
  readonly client: ClientName;
  readonly codexPath: string;
  readonly officialSdk: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether the client brings the tool `add`, which the model then calls. */
  readonly tools: boolean;
}

export interface TurnTimes {
  /** From the first start to the last end, in milliseconds. */
  readonly wholeMs: number;
  /** Of each turn, in order of their end. */
  readonly turnMs: readonly number[];
  /** CPU time of the client's own process, codex left out. */
  readonly cpuMs: number;
}

export interface BenchClient {
  readonly name: ClientName;
  /** Forgets the threads of before and takes so many new ones. Nothing is started. */
  open(threads: number): Promise<void>;
  /** So many turns on each thread, one after the other, all threads at once. */
  turns(count: number): Promise<TurnTimes>;
  /** The same, and what the client's process and all its descendants take at most while it goes on. */
  turnsWithMemory(count: number): Promise<TurnTimes & Memory>;
  close(): Promise<void>;
}

export async function startClient(
  name: ClientName,
  { home, ...given }: Pick<ClientSettings, "codexPath" | "officialSdk" | "tools"> & { readonly home: Home },
): Promise<BenchClient> {
  const { workingDirectory, env } = home;
  const settings: ClientSettings = { client: name, ...given, workingDirectory, env };
  const program = await startProgram<TurnTimes>("client", { args: [JSON.stringify(settings)] });
  const turns: BenchClient["turns"] = (count) => program.call({ op: "turns", count });
  return {
    name,
    async open(threads) {
      await program.call({ op: "open", threads });
    },
    turns,
    async turnsWithMemory(count) {
      const { value, ...memory } = await measureMemory(program.pid, () => turns(count));
      return { ...value, ...memory };
    },
    async close() {
      await program.call({ op: "close" });
      await program.end();
    },
  };
}
