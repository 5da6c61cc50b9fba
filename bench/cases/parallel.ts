import type { BenchCase } from "../case.js";
import type { ClientName } from "../stage/bench-client.js";
import type { Stage } from "../stage/stage.js";
import { interleave, medianOf, ratioOf, type Rounds } from "./interleave.js";
import { withClients } from "./with-clients.js";

const names = ["bare", "codexkit", "official"] as const;
export const parallel: BenchCase = {
  name: "parallel",
  async run(stage, size) {
    const threads = size === "full" ? 32 : 8;
    const { cold, hot } = await measureThroughput(stage, { threads, rounds: size === "full" ? 9 : 1 });
    const { rss, pss } = await measureMemory(stage, { threads, rounds: size === "full" ? 3 : 1 });
    const values = (rounds: Rounds): (number | null)[] => names.map((name) => medianOf(rounds, name));
    return {
      name: "parallel",
      title: `${threads} turns at once on ${threads} threads`,
      method:
        "The first turn of each thread, all at once, and then one more turn on each. " +
        "Memory is the peak of the client's process and all its descendants during that second turn, in new processes.",
      columns: names,
      rows: [
        { label: "turns on loaded threads", unit: "1/s", values: values(hot) },
        { label: "turns on new threads", unit: "1/s", values: values(cold) },
        { label: "resident memory (RSS)", unit: "MB", values: values(rss) },
        { label: "the same with shared pages divided (PSS)", unit: "MB", values: values(pss) },
      ],
      ratios: [
        { label: "throughput, codexkit / bare", value: ratioOf(hot, "codexkit", "bare"), bound: { atLeast: 0.9 } },
        {
          label: "throughput, codexkit / official",
          value: ratioOf(hot, "codexkit", "official"),
          bound: { atLeast: 2.8 },
        },
        { label: "throughput, bare / official", value: ratioOf(hot, "bare", "official") },
        { label: "new threads, codexkit / bare", value: ratioOf(cold, "codexkit", "bare") },
        { label: "new threads, codexkit / official", value: ratioOf(cold, "codexkit", "official") },
        { label: "RSS, codexkit / official", value: ratioOf(rss, "codexkit", "official"), bound: { atMost: 1 / 8 } },
        { label: "RSS, bare / official", value: ratioOf(rss, "bare", "official") },
        { label: "PSS, codexkit / official", value: ratioOf(pss, "codexkit", "official") },
      ],
    };
  },
};

interface Plan {
  readonly threads: number;
  readonly rounds: number;
}

/** Turns per second. */
async function measureThroughput(
  stage: Stage,
  { threads, rounds }: Plan,
): Promise<{ readonly cold: Rounds; readonly hot: Rounds }> {
  return withClients(stage, names, async (clients) => {
    const hot = new Map<string, number[]>(names.map((name) => [name, []]));
    const cold = await interleave(rounds, clients, async (client) => {
      await client.open(threads);
      const { wholeMs } = await client.turns(1);
      hot.get(client.name)?.push((threads * 1000) / (await client.turns(1)).wholeMs);
      return (threads * 1000) / wholeMs;
    });
    return { cold, hot };
  });
}

/** Measures memory separately, because the measurement takes time, in new processes without other threads. */
async function measureMemory(
  stage: Stage,
  { threads, rounds }: Plan,
): Promise<{ readonly rss: Rounds; readonly pss: Rounds }> {
  const pss = new Map<string, number[]>(names.map((name) => [name, []]));
  const subjects = names.map((name): { readonly name: ClientName } => ({ name }));
  const rss = await interleave(rounds, subjects, ({ name }) =>
    withClients(stage, [name], async ([client]) => {
      if (client === undefined) return Number.NaN;
      await client.open(threads);
      await client.turns(1);
      const { rssMb, pssMb } = await client.turnsWithMemory(1);
      pss.get(name)?.push(pssMb);
      return rssMb;
    }),
  );
  return { rss, pss };
}
