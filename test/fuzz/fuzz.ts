import { readFileSync } from "node:fs";
import fc from "fast-check";
import { test } from "vitest";

/** A seed that runs every time. `found` names the failure that it once caused; without it, the seed never failed. */
interface KeptSeed {
  readonly seed: number;
  readonly found?: string;
}

const file = "test/fuzz/seeds.json";
const kept = JSON.parse(readFileSync(new URL("seeds.json", import.meta.url), "utf8")) as Readonly<
  Record<string, readonly KeptSeed[]>
>;
const factor = Number(process.env["CODEXKIT_FUZZ_RUNS"] ?? "1");

/**
 * Tests a property with every seed stored for it in `seeds.json`, and with one new random seed. If that one fails, it
 * is printed, to be stored. `runs` is the number for each seed, times the variable `CODEXKIT_FUZZ_RUNS`.
 */
export function fuzz<Values extends [unknown, ...unknown[]]>(
  title: string,
  runs: number,
  property: fc.IProperty<Values> | fc.IAsyncProperty<Values>,
): void {
  const fresh = { seed: Math.trunc(Math.random() * 2 ** 31) };
  const known = kept[title] ?? [];
  test(title, { timeout: Math.max(30_000, 10_000 * factor) }, async () => {
    if (known.length === 0) throw new Error(`${file} keeps no seed for "${title}"`);
    for (const { seed } of [...known, fresh]) {
      const settings = { seed, numRuns: Math.ceil(runs * factor), endOnFailure: factor > 1 };
      try {
        await fc.assert(property, settings);
      } catch (error) {
        const advice = `Keep it: { "seed": ${seed}, "found": "..." } under "${title}" in ${file}.`;
        throw new Error(`Failed with seed ${seed}. ${advice}`, { cause: error });
      }
    }
  });
}
