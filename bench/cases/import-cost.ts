import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BenchCase } from "../case.js";
import { interleave, median, medianOf } from "./interleave.js";

export const importCost: BenchCase = {
  name: "import",
  async run(stage, size) {
    const folder = join(stage.folder, "import");
    await mkdir(folder, { recursive: true });
    const texts = {
      empty: "",
      codexkit: 'import "codexkit";\n',
      official: `import ${JSON.stringify(pathToFileURL(stage.officialSdk).href)};\n`,
    };
    const programs = await Promise.all(
      Object.entries(texts).map(async ([name, text]) => {
        const file = join(folder, `${name}.mjs`);
        await writeFile(file, text);
        return { name, file };
      }),
    );
    const rounds = await interleave(size === "full" ? 41 : 7, programs, ({ file }) => runProgram(file));
    const empty = rounds.get("empty") ?? [];
    const over = (name: string): number =>
      median((rounds.get(name) ?? []).map((value, round) => value - (empty[round] ?? Number.NaN)));
    const names = ["empty", "codexkit", "official"];
    return {
      name: "import",
      title: "The cost of an import",
      method: "The duration of a program with one import, beside an empty program.",
      columns: names,
      rows: [{ label: "the program", unit: "ms", values: names.map((name) => medianOf(rounds, name)) }],
      ratios: [
        { label: "codexkit over empty", value: over("codexkit"), unit: "ms", bound: { atMost: 20 } },
        { label: "official over empty", value: over("official"), unit: "ms" },
      ],
    };
  },
};

function runProgram(file: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - started;
}
