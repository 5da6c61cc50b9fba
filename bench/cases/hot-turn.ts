import type { BenchCase } from "../case.js";
import { interleave, median, medianOf, ratioOf } from "./interleave.js";
import { withClients } from "./with-clients.js";

const names = ["bare", "codexkit", "official"] as const;
const turns = 5;

export const hotTurn: BenchCase = {
  name: "hot-turn",
  run: (stage, size) =>
    withClients(stage, names, async (clients) => {
      const cpu = new Map<string, number[]>(names.map((name) => [name, []]));
      const rounds = await interleave(size === "full" ? 25 : 3, clients, async (client) => {
        await client.open(1);
        await client.turns(1);
        const { turnMs, cpuMs } = await client.turns(turns);
        cpu.get(client.name)?.push(cpuMs / turns);
        return median(turnMs);
      });
      return {
        name: "hot-turn",
        title: "A turn on a loaded thread",
        method: `${turns} turns after the first turn of a new thread, one after another; the value of a round is their median.`,
        columns: names,
        rows: [
          { label: "a turn", unit: "ms", values: names.map((name) => medianOf(rounds, name)) },
          { label: "CPU of the client itself, a turn", unit: "ms", values: names.map((name) => medianOf(cpu, name)) },
        ],
        ratios: [
          { label: "codexkit / bare", value: ratioOf(rounds, "codexkit", "bare"), bound: { atMost: 1.1 } },
          { label: "codexkit / official", value: ratioOf(rounds, "codexkit", "official"), bound: { atMost: 0.3 } },
          { label: "bare / official", value: ratioOf(rounds, "bare", "official") },
          { label: "CPU, codexkit / bare", value: ratioOf(cpu, "codexkit", "bare"), bound: { atMost: 2 } },
        ],
      };
    }),
};
