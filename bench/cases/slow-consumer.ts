import type { BenchCase } from "../case.js";
import type { SlowConsumerAnswer } from "../programs/slow-consumer.js";
import type { ClientSettings } from "../stage/bench-client.js";
import { startProgram } from "../stage/programs.js";

export const slowConsumer: BenchCase = {
  name: "slow-consumer",
  async run(stage, size) {
    const deltas = size === "full" ? 100_000 : 20_000;
    const { workingDirectory, env } = await stage.home("slow-consumer", deltas);
    const { codexPath, officialSdk } = stage;
    const settings: ClientSettings = { client: "codexkit", codexPath, officialSdk, workingDirectory, env };
    const program = await startProgram<SlowConsumerAnswer>("slow-consumer", {
      args: [JSON.stringify(settings)],
      execArgv: ["--expose-gc"],
    });
    try {
      const answer = await program.call({});
      const { before, during, ended, after, characters } = answer;
      const quarter = Math.max(1, Math.floor(during.length / 4));
      const early = during[quarter - 1] ?? before;
      const late = Math.max(...during.slice(-quarter), ended);
      return {
        name: "slow-consumer",
        title: `${deltas.toLocaleString("en")} deltas to a slow consumer`,
        method:
          `A reader that takes one event every 100 ms (${answer.readDuringTurn} during the turn, ${answer.readAfterwards} after it). ` +
          "Heap in use after a garbage collection; every character of the text arrives, none twice.",
        columns: ["before the turn", "a quarter in", "the most of the last quarter", "all read", "the text itself"],
        rows: [{ label: "heap in use", unit: "MB", values: [before, early, late, after, characters].map(toMb) }],
        ratios: [
          {
            label: "growth over the last three quarters, per character of the whole text",
            value: (late - early) / characters,
            unit: "bytes",
            bound: { atMost: 2 },
          },
          { label: "left when all is read", value: toMb(after - before), unit: "MB" },
        ],
      };
    } finally {
      await program.end();
    }
  },
};

function toMb(bytes: number): number {
  return bytes / 1024 / 1024;
}
