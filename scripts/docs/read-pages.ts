import { readFiles } from "../house/read-files.js";

/** Returns the texts of all pages, by their path from the root of the repository. */
export async function readPages(): Promise<Map<string, string>> {
  return new Map([
    ...(await readFiles(".", [".md"], { deep: false })),
    ...prefix("docs", await readFiles("docs", [".md"])),
    ...prefix("examples", await readFiles("examples", [".md"])),
  ]);
}

/** Returns the same texts by their path from the root. */
export function prefix(folder: string, files: ReadonlyMap<string, string>): (readonly [string, string])[] {
  return [...files].map(([path, text]) => [`${folder}/${path}`, text] as const);
}
