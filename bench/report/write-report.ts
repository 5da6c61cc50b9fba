import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { CaseResult } from "../case.js";
import { officialVersion } from "../stage/official-sdk.js";
import { holds, renderResult } from "./render-result.js";

const root = join(import.meta.dirname, "..", "..");
const page = join(root, "docs", "internals", "benchmarks.md");
const begin = "<!-- bench: begin -->";
const end = "<!-- bench: end -->";

/** Writes the numbers to `.tmp/bench/results.json`, and those of a complete run to `docs/internals/benchmarks.md`. */
export async function writeReport(
  results: readonly CaseResult[],
  { toDocs, codexVersion }: { readonly toDocs: boolean; readonly codexVersion: string },
): Promise<void> {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${process.platform}, Node ${process.version}`;
  await mkdir(join(root, ".tmp", "bench"), { recursive: true });
  await writeFile(
    join(root, ".tmp", "bench", "results.json"),
    JSON.stringify({ machine, codexVersion, officialVersion, results }, null, 2),
  );
  for (const { name, ratios } of results) {
    for (const { label } of ratios.filter((ratio) => !holds(ratio)))
      console.log(`short of its bound: ${name}: ${label}`);
  }
  if (!toDocs) return;
  const text = await readFile(page, "utf8");
  const [before, after] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end))];
  const measured = `Measured on ${machine}; codex ${codexVersion}, official SDK ${officialVersion}.`;
  const written = [before + begin, measured, ...results.map(renderResult), after].join("\n\n");
  await writeFile(page, await format(written, { ...(await resolveConfig(page)), parser: "markdown" }));
}
