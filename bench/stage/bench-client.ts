import type { Home } from "./home.js";
import { measureMemory, type Memory } from "./memory.js";
import { startProgram } from "./programs.js";

/**
 * The compared clients: a small script that speaks the app-server's protocol, one on `codex exec --json`, codexkit on
 * both transports, and the official SDK, which has only exec.
 */
export type ClientName = "bare" | "bare-exec" | "codexkit" | "codexkit-exec" | "official";

/** The setup of a client program. */
export interface ClientSettings {
  readonly client: ClientName;
  readonly codexPath: string;
  readonly officialSdk: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** True if the client has the tool `add`, which the model then calls. */
  readonly tools: boolean;
}

export interface TurnTimes {
  /** Milliseconds from the first start to the last end. */
  readonly wholeMs: number;
  /** Milliseconds of each turn, in the order of their ends. */
  readonly turnMs: readonly number[];
  /** CPU time of the client's process, without codex. */
  readonly cpuMs: number;
}

export interface BenchClient {
  readonly name: ClientName;
  /** Drops earlier threads and creates this many new ones. Starts nothing. */
  open(threads: number): Promise<void>;
  /** Runs this many turns on each thread, one after another, all threads at once. */
  turns(count: number): Promise<TurnTimes>;
  /** Does the same, and measures the peak memory of the client's process and its descendants. */
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
