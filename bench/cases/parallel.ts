import type { BenchCase } from "../case.js";
import { interleave, medianOf, type Rounds, ratioOf } from "./interleave.js";
import { withClients } from "./with-clients.js";

const names = ["bare", "codexkit", "official"] as const;
const threads = 32;

export const parallel: BenchCase = {
  name: "parallel",
  run: (stage, size) =>
    withClients(stage, names, async (clients) => {
      const hot = new Map<string, number[]>(names.map((name) => [name, []]));
      const cold = await interleave(size === "full" ? 9 : 1, clients, async (client) => {
        await client.open(threads);
        const { wholeMs } = await client.turns(1);
        hot.get(client.name)?.push(throughput((await client.turns(1)).wholeMs));
        return throughput(wholeMs);
      });
      const pss = new Map<string, number[]>(names.map((name) => [name, []]));
      // On its own, since looking takes time of its own.
      const rss = await interleave(size === "full" ? 3 : 1, clients, async (client) => {
        await client.open(threads);
        const { rssMb, pssMb } = await client.turnsWithMemory(1);
        pss.get(client.name)?.push(pssMb);
        return rssMb;
      });
      const values = (rounds: Rounds): (number | null)[] => names.map((name) => medianOf(rounds, name));
      return {
        name: "parallel",
        title: `${threads} turns at once`,
        method:
          `${threads} new threads with one turn each, all at once, and then one more turn on each. ` +
          "Memory is the peak of the client's process and all its descendants, in rounds of their own.",
        columns: names,
        rows: [
          { label: "turns on new threads", unit: "1/s", values: values(cold) },
          { label: "turns on threads that live", unit: "1/s", values: values(hot) },
          { label: "resident memory (RSS)", unit: "MB", values: values(rss) },
          { label: "the same with shared pages divided (PSS)", unit: "MB", values: values(pss) },
        ],
        ratios: [
          { label: "new threads, codexkit / bare", value: ratioOf(cold, "codexkit", "bare"), bound: { atLeast: 0.9 } },
          {
            label: "new threads, codexkit / official",
            value: ratioOf(cold, "codexkit", "official"),
            bound: { atLeast: 2.8 },
          },
          { label: "new threads, bare / official", value: ratioOf(cold, "bare", "official") },
          {
            label: "living threads, codexkit / bare",
            value: ratioOf(hot, "codexkit", "bare"),
            bound: { atLeast: 0.9 },
          },
          {
            label: "living threads, codexkit / official",
            value: ratioOf(hot, "codexkit", "official"),
            bound: { atLeast: 2.8 },
          },
          { label: "living threads, bare / official", value: ratioOf(hot, "bare", "official") },
          {
            label: "memory, codexkit / official",
            value: ratioOf(rss, "codexkit", "official"),
            bound: { atMost: 1 / 8 },
          },
          { label: "memory, bare / official", value: ratioOf(rss, "bare", "official") },
        ],
      };
    }),
};

function throughput(wholeMs: number): number {
  return (threads * 1000) / wholeMs;
}
