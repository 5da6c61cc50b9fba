import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The folders of everything that these packages depend on, by name, as Node would find them. Two versions of one package
 * would not fit into one flat `node_modules`, and are refused.
 */
export async function findDependencies(packages: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const waiting = [...packages];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
    for (const name of Object.keys(dependencies)) {
      const place = findPackage(name, folder);
      const known = found.get(name);
      if (known !== undefined && known !== place) throw new Error(`two versions of ${name}: ${known} and ${place}`);
      if (known === undefined) waiting.push(place);
      found.set(name, place);
    }
  }
  return found;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

function findPackage(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return place;
    if (folder === dirname(folder)) throw new Error(`${name} is not installed (npm ci)`);
  }
}
