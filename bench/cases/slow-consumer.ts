import type { BenchCase } from "../case.js";
import type { SlowConsumerAnswer } from "../programs/slow-consumer.js";
import type { ClientSettings } from "../stage/bench-client.js";
import { startProgram } from "../stage/programs.js";

export const slowConsumer: BenchCase = {
  name: "slow-consumer",
  async run(stage, size) {
    const deltas = size === "full" ? 100_000 : 20_000;
    const { workingDirectory, env } = await stage.home("slow-consumer", { deltas });
    const { codexPath, officialSdk } = stage;
    const settings: ClientSettings = {
      client: "codexkit",
      codexPath,
      officialSdk,
      workingDirectory,
      env,
      tools: false,
    };
    const program = await startProgram<SlowConsumerAnswer>("slow-consumer", {
      args: [JSON.stringify(settings)],
      execArgv: ["--expose-gc"],
    });
    try {
      const answer = await program.call({});
      const { before, during, ended, after, characters } = answer;
      const at = (part: number): number => during[Math.ceil(during.length * part) - 1] ?? before;
      const growth = at(1) - at(0.25);
      return {
        name: "slow-consumer",
        title: `${deltas.toLocaleString("en")} deltas to a slow consumer`,
        method:
          `A reader that pulls one event every 100 ms (${answer.readDuringTurn} during the turn, ${answer.readAfterwards} after it). ` +
          "Heap in use after a garbage collection. At the end the whole text is in the last item, in the " +
          "item's event, and in the `turn.completed` event.",
        columns: [
          "before",
          "a quarter in",
          "half",
          "three quarters",
          "the last delta",
          "ended",
          "all read",
          "the text",
        ],
        rows: [
          {
            label: "heap in use",
            unit: "MB",
            values: [before, at(0.25), at(0.5), at(0.75), at(1), ended, after, characters].map(toMb),
          },
        ],
        ratios: [
          {
            label: "growth over the last three quarters of the stream, per character that came in them",
            value: growth / (characters * 0.75),
            unit: "bytes",
            bound: { atMost: 2 },
          },
          { label: "the last delta over a quarter in", value: at(1) / at(0.25) },
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
