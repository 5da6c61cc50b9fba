import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseRecording } from "../../src/testing/index.js";
import { toCanonical } from "./canonical.js";
import { describeFixture, type Harvested, type Manifest, parseManifest, sha256 } from "./manifest.js";

/** The fixtures of one codex version in their folder. */
export interface FixtureStore {
  readonly folder: string;
  /** Null if nothing was harvested yet. */
  readonly manifest: Manifest | null;
}

export async function openFixtures(folder: string): Promise<FixtureStore> {
  const text = await readOrNull(join(folder, "manifest.json"));
  const manifest = text === null ? null : (parseManifest(text) ?? null);
  return { folder, manifest };
}

/**
 * Writes the harvest and the manifest. A harvest of all scenarios removes all other files of the folder; a harvest of
 * some scenarios keeps the others.
 */
export async function storeFixtures(
  { folder, manifest }: FixtureStore,
  {
    harvested,
    version,
    whole,
  }: { readonly harvested: readonly Harvested[]; readonly version: string; readonly whole: boolean },
): Promise<void> {
  if (whole) await rm(folder, { recursive: true, force: true });
  const fresh = harvested.map(describeFixture);
  for (const [index, { raw, canonical }] of fresh.entries()) {
    await mkdir(dirname(join(folder, raw.file)), { recursive: true });
    await writeFile(join(folder, raw.file), harvested[index]?.raw ?? "");
    await writeFile(join(folder, canonical.file), harvested[index]?.canonical ?? "");
  }
  const names = new Set(fresh.map(({ canonical }) => canonical.file));
  const kept = whole ? [] : (manifest?.fixtures ?? []).filter(({ canonical }) => !names.has(canonical.file));
  const fixtures = [...kept, ...fresh].sort((a, b) => (a.canonical.file < b.canonical.file ? -1 : 1));
  const text = JSON.stringify({ codexVersion: version, fixtures } satisfies Manifest, undefined, 2);
  await writeFile(join(folder, "manifest.json"), `${text}\n`);
}

/** Returns defects of the stored files themselves, independent of codex, one sentence each. */
export async function checkStore({ folder, manifest }: FixtureStore): Promise<string[]> {
  const fixtures = manifest?.fixtures ?? [];
  const complaints: string[] = [];
  for (const { raw, canonical } of fixtures) {
    const before = complaints.length;
    const texts = new Map<string, string>();
    for (const { file, sha256: expected } of [raw, canonical]) {
      const text = await readOrNull(join(folder, file));
      if (text === null) complaints.push(`${file} is missing`);
      else if (sha256(text) !== expected) complaints.push(`${file} is not what the manifest says: it was edited`);
      texts.set(file, text ?? "");
    }
    if (complaints.length > before) continue;
    const today = toCanonical(parseRecording(texts.get(raw.file) ?? "", raw.file));
    if (today !== texts.get(canonical.file))
      complaints.push(`${canonical.file} is not the canonical form of ${raw.file}`);
  }
  const known = new Set(["manifest.json", ...fixtures.flatMap(({ raw, canonical }) => [raw.file, canonical.file])]);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const strangers = files
    .map((file) => file.slice(folder.length + 1).replaceAll("\\", "/"))
    .filter((file) => !known.has(file));
  return [...complaints, ...strangers.map((file) => `${file} is not in the manifest`)];
}

/** Returns the first line in which two canonical forms differ, for a person; null if they are equal. */
export function firstDifference(stored: string, today: string): string | null {
  if (stored === today) return null;
  const [before, after] = [stored.split("\n"), today.split("\n")];
  const index = before.findIndex((line, at) => line !== after[at]);
  const line = index === -1 ? before.length : index;
  return [
    `line ${line + 1}`,
    `  stored ${excerpt(before[line], after[line])}`,
    `  today  ${excerpt(after[line], before[line])}`,
  ].join("\n");
}

/** Returns a part of a line, from shortly before the first difference. */
function excerpt(line: string | undefined, other = ""): string {
  if (line === undefined || line === "") return "nothing";
  let same = 0;
  while (same < line.length && line[same] === other[same]) same += 1;
  const from = Math.max(0, same - 80);
  return `${from > 0 ? "…" : ""}${line.slice(from, from + 240)}${line.length > from + 240 ? "…" : ""}`;
}

export async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return null;
  }
}
