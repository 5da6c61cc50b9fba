import type { BenchCase, Row } from "../case.js";
import { interleave, medianOf, ratioOf, type Rounds } from "./interleave.js";
import { withClients } from "./with-clients.js";

const names = ["bare", "codexkit"] as const;

export const manyThreads: BenchCase = {
  name: "many-threads",
  async run(stage, size) {
    const counts = size === "full" ? [1, 2, 4, 8, 16, 32, 64, 128] : [1, 8];
    const rows: Row[] = [];
    const ratios: { label: string; value: number }[] = [];
    for (const count of counts) {
      // Starts new processes for each number, so that none has threads of another.
      await withClients(stage, names, async (clients) => {
        const rss = new Map<string, number[]>(names.map((name) => [name, []]));
        const cold = new Map<string, number[]>(names.map((name) => [name, []]));
        const hot = await interleave(size === "quick" ? 1 : count <= 16 ? 9 : 3, clients, async (client) => {
          await client.open(count);
          cold.get(client.name)?.push((await client.turns(1)).wholeMs / count);
          return (await client.turns(2)).wholeMs / count / 2;
        });
        for (const client of clients) rss.get(client.name)?.push((await client.turnsWithMemory(1)).rssMb);
        const values = (rounds: Rounds): (number | null)[] => names.map((name) => medianOf(rounds, name));
        rows.push(
          { label: `${count} new: a turn`, unit: "ms", values: values(cold) },
          { label: `${count} loaded: a turn`, unit: "ms", values: values(hot) },
          { label: `${count}: resident memory`, unit: "MB", values: values(rss) },
        );
        ratios.push({ label: `${count} loaded, codexkit / bare`, value: ratioOf(hot, "codexkit", "bare") });
      });
    }
    return {
      name: "many-threads",
      title: "The cost of a turn by the number of threads",
      method:
        "All threads run at once; the value is the total time divided by the number of turns: the first turn of a new thread, then two more. " +
        "Memory is measured after all rounds and includes earlier threads that codex keeps loaded.",
      columns: names,
      rows,
      ratios,
    };
  },
};
