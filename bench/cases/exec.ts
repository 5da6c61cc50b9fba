import type { BenchCase } from "../case.js";
import { interleave, medianOf, ratioOf } from "./interleave.js";
import { withClients } from "./with-clients.js";

const names = ["bare-exec", "codexkit-exec", "official"] as const;

export const exec: BenchCase = {
  name: "exec",
  run: (stage, size) =>
    withClients(stage, names, async (clients) => {
      for (const client of clients) {
        await client.open(1);
        await client.turns(1);
      }
      const cpu = new Map<string, number[]>(names.map((name) => [name, []]));
      const rounds = await interleave(size === "full" ? 40 : 3, clients, async (client) => {
        await client.open(1);
        const { wholeMs, cpuMs } = await client.turns(1);
        cpu.get(client.name)?.push(cpuMs);
        return wholeMs;
      });
      return {
        name: "exec",
        title: "A turn on exec",
        method: "One turn on a new thread: the duration of its process.",
        columns: names,
        rows: [
          { label: "a turn", unit: "ms", values: names.map((name) => medianOf(rounds, name)) },
          { label: "CPU of the client itself, a turn", unit: "ms", values: names.map((name) => medianOf(cpu, name)) },
        ],
        ratios: [
          {
            label: "codexkit / official",
            value: ratioOf(rounds, "codexkit-exec", "official"),
            bound: { atMost: 1.05 },
          },
          { label: "codexkit / bare", value: ratioOf(rounds, "codexkit-exec", "bare-exec") },
          { label: "CPU, codexkit / bare", value: ratioOf(cpu, "codexkit-exec", "bare-exec"), bound: { atMost: 2.5 } },
        ],
      };
    }),
};
