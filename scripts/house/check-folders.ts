import { posix } from "node:path";

/** The most files that one folder may hold. Folders inside it do not count. */
const maxFiles = 15;

/** Every folder that directly holds more than 15 of these files, as one sentence each. */
export function checkFolders(files: Iterable<string>): string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const folder = posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > maxFiles)
    .map(([folder, count]) => `${folder}/ holds ${count} files, ${maxFiles} is the cap: split it by subject`);
}
