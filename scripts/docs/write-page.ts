import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../house/read-files.js";

export interface GeneratedPage {
  /** From the root of the repository. */
  readonly page: string;
  /** The source of the page, and the command that writes it. */
  readonly source: string;
  readonly command: string;
  readonly render: (path: string) => Promise<string>;
}

/** Writes a generated page. With the argument `--check` it writes nothing and fails if the page differs. */
export async function writePage({ page, source, command, render }: GeneratedPage): Promise<void> {
  const path = join(root, page);
  const text = await render(path);
  if (!process.argv.includes("--check")) {
    await writeFile(path, text);
    return;
  }
  if ((await readFile(path, "utf8").catch(() => "")) === text) return;
  console.error(`${page} differs from ${source}: run \`${command}\`.`);
  process.exitCode = 1;
}
