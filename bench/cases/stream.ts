import type { BenchCase } from "../case.js";
import { interleave, medianOf, ratioOf } from "./interleave.js";
import { withClients } from "./with-clients.js";

const names = ["bare", "codexkit"] as const;
const deltas = 20_000;

export const stream: BenchCase = {
  name: "stream",
  run: (stage, size) =>
    withClients(
      stage,
      names,
      async (clients) => {
        for (const client of clients) {
          await client.open(1);
          await client.turns(1);
        }
        const cpu = new Map<string, number[]>(names.map((name) => [name, []]));
        const rounds = await interleave(size === "full" ? 15 : 2, clients, async (client) => {
          await client.open(1);
          const { wholeMs, cpuMs } = await client.turns(1);
          cpu.get(client.name)?.push(cpuMs);
          return wholeMs;
        });
        return {
          name: "stream",
          title: `A turn of ${deltas.toLocaleString("en")} deltas`,
          method: "One answer in many small pieces, through the real binary to the result.",
          columns: names,
          rows: [
            { label: "the turn", unit: "ms", values: names.map((name) => medianOf(rounds, name)) },
            { label: "CPU of the client itself", unit: "ms", values: names.map((name) => medianOf(cpu, name)) },
          ],
          ratios: [
            { label: "time, codexkit / bare", value: ratioOf(rounds, "codexkit", "bare") },
            { label: "CPU, codexkit / bare", value: ratioOf(cpu, "codexkit", "bare") },
          ],
        };
      },
      { deltas },
    ),
};
