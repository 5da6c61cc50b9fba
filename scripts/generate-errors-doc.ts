// `npx tsx scripts/generate-errors-doc.ts`: docs/errors.md from the table of codes and the error classes. With `--check` it
// writes nothing and fails where the page is stale.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkErrorsPage, errorsPage, renderErrorsPage } from "./docs/errors-page.js";
import { root } from "./house/read-files.js";

if (process.argv.includes("--check")) {
  const complaints = await checkErrorsPage();
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} else {
  await writeFile(join(root, errorsPage), await renderErrorsPage());
}
