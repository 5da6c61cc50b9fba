import type { BenchCase, Ratio, Row } from "../case.js";
import type { BenchClient } from "../stage/bench-client.js";
import { median } from "./interleave.js";
import { withClients } from "./with-clients.js";

const names = ["bare", "codexkit"] as const;
/** The number of turns on each side of a measured turn that are part of its median. */
const around = 5;

export const longThread: BenchCase = {
  name: "long-thread",
  run: (stage, size) =>
    withClients(stage, names, async (clients) => {
      const places = size === "full" ? [10, 100, 1000] : [10, 30];
      const turns = await runThreads(clients, (places.at(-1) ?? 0) + around);
      const at = (name: string, place: number): number =>
        median((turns.get(name) ?? []).slice(place - 1 - around, place + around));
      const rows = places.map((place): Row => ({
        label: `turn ${place}`,
        unit: "ms",
        values: names.map((name) => at(name, place)),
      }));
      const ratios = places.map((place): Ratio => ({
        label: `turn ${place}, codexkit / bare`,
        value: at("codexkit", place) / at("bare", place),
      }));
      return {
        name: "long-thread",
        title: "The cost of a turn by the length of its thread",
        method: `One thread for each client, in alternating blocks of ten turns. A value is the median of the ${2 * around + 1} turns around it. Codex sends the whole thread to the model with each turn.`,
        columns: names,
        rows,
        ratios,
      };
    }),
};

async function runThreads(clients: readonly BenchClient[], length: number): Promise<ReadonlyMap<string, number[]>> {
  const turns = new Map<string, number[]>(clients.map(({ name }) => [name, []]));
  for (const client of clients) await client.open(1);
  for (let block = 0; block * 10 < length; block += 1) {
    for (const client of clients) turns.get(client.name)?.push(...(await client.turns(10)).turnMs);
  }
  return turns;
}
