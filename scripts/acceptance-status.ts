// `npm run acceptance`: prints the number of tests that cite each id of docs/internals/acceptance.md, and writes the
// page's status column.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acceptancePage, countCitations, listedIds, withStatus } from "./house/acceptance.js";
import { root } from "./house/read-files.js";

const path = join(root, "docs", acceptancePage);
const page = await readFile(path, "utf8");
const citations = await countCitations();
for (const id of listedIds(page)) console.log(`${id.padEnd(6)} ${citations.get(id) ?? 0}`);
await writeFile(path, withStatus(page, citations));
