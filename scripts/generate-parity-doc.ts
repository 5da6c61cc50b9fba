// `npm run parity`: writes docs/parity.md from the list of features and the tests. With `--check` it writes nothing and fails on a difference.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./house/read-files.js";
import { renderParity } from "./parity/render-parity.js";

const path = join(root, "docs/parity.md");
const text = await renderParity(path);

if (!process.argv.includes("--check")) await writeFile(path, text);
else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
  console.error("docs/parity.md is not what the tests say: run `npm run parity`.");
  process.exitCode = 1;
}
