import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../house/read-files.js";
import type { Snippet } from "./snippet.js";

/** A snippet in its own file. Its line numbers are those of the page, so that messages point to the page. */
export interface PlacedSnippet extends Snippet {
  readonly path: string;
}

/** Writes the snippets into an emptied `.tmp/snippets`, inside this package, so that it resolves under its own name. */
export async function placeSnippets(snippets: readonly Snippet[]): Promise<PlacedSnippet[]> {
  const folder = join(root, ".tmp", "snippets");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return Promise.all(
    snippets.map(async (snippet) => {
      const path = join(
        folder,
        `${snippet.file.replaceAll(/[^A-Za-z0-9]+/g, "-")}-${snippet.line}.${snippet.language}`,
      );
      await writeFile(path, `${"\n".repeat(snippet.line - 1)}${asModule(snippet)}\n`);
      return { ...snippet, path };
    }),
  );
}

function asModule({ code, language }: Snippet): string {
  const isModule = language === "cjs" || /^\s*(import|export)\b/m.test(code);
  return isModule ? code : `${code}\nexport {};`;
}
