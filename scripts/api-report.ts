// `npm run api-report`: writes docs/internals/api-report/ from the built declarations, one page per entry point with
// every public signature. With `-- --check` it writes nothing, and prints the difference from the checked-in pages.
import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeApiReports } from "./api-report/make-api-reports.js";
import { root } from "./house/read-files.js";

const folder = "docs/internals/api-report";
const scratch = join(root, ".tmp/api-report");
const check = process.argv.includes("--check");

await rm(scratch, { recursive: true, force: true });
await mkdir(scratch, { recursive: true });
await mkdir(join(root, folder), { recursive: true });
for (const [page, text] of await makeApiReports(scratch)) {
  const path = join(root, folder, page);
  if (!check) await writeFile(path, text);
  else if ((await readFile(path, "utf8").catch(() => "")) !== text) await complain(page, text);
}

async function complain(page: string, text: string): Promise<void> {
  console.error(
    `${folder}/${page} differs from the declarations in dist/. If that is intended, run \`npm run build && npm run api-report\`.`,
  );
  const found = join(scratch, page);
  await writeFile(found, text);
  const args = ["--no-pager", "diff", "--no-index", "--unified=3", "--", join(folder, page), found];
  spawnSync("git", args, { cwd: root, stdio: "inherit" });
  process.exitCode = 1;
}
