// `npm run options`: writes docs/options.md from the tables of options. With `--check` it writes nothing and fails on a difference.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./house/read-files.js";
import { renderOptions } from "./options/render-options.js";

const path = join(root, "docs/options.md");
const text = await renderOptions(path);

if (!process.argv.includes("--check")) await writeFile(path, text);
else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
  console.error("docs/options.md is not what src/transport/options-table.ts says: run `npm run options`.");
  process.exitCode = 1;
}
