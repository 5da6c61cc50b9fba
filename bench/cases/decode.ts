import { join } from "node:path";
import type { BenchCase } from "../case.js";
import { startProgram } from "../stage/programs.js";
import { interleave, medianOf, ratioOf } from "./interleave.js";

const ways = [{ name: "bare" }, { name: "codexkit" }] as const;
const fixtures = join(import.meta.dirname, "..", "..", "test", "fixtures", "wire");
const streams = ["deltas", "mixed"] as const;

export const decode: BenchCase = {
  name: "decode",
  async run(_stage, size) {
    const program = await startProgram<{ readonly linesPerSecond: number }>("decode", { args: [fixtures] });
    try {
      const results = [];
      for (const stream of streams) {
        const measure = async ({ name: way }: { readonly name: string }): Promise<number> =>
          (await program.call({ way, stream })).linesPerSecond;
        // A warm-up, so that both ways are compiled before the measurement.
        await interleave(3, ways, measure);
        results.push({ stream, rounds: await interleave(size === "full" ? 31 : 5, ways, measure) });
      }
      const names = ways.map(({ name }) => name);
      return {
        name: "decode",
        title: "From bytes to typed events",
        method:
          "100,000 lines of the app-server in chunks of 64 KB: deltas only, and all recorded lines of the real binary. " +
          "The bare loop splits at LF and calls JSON.parse; codexkit also limits the lines and checks each event.",
        columns: names,
        rows: results.map(({ stream, rounds }) => ({
          label: stream,
          unit: "1000 lines/s",
          values: names.map((name) => (medianOf(rounds, name) ?? 0) / 1000),
        })),
        ratios: results.map(({ stream, rounds }) => ({
          label: `${stream}, codexkit / bare`,
          value: ratioOf(rounds, "codexkit", "bare"),
          bound: { atLeast: 0.7 },
        })),
      };
    } finally {
      await program.end();
    }
  },
};
