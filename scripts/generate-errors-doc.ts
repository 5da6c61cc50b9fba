// `npx tsx scripts/generate-errors-doc.ts`: writes docs/errors.md from the table of codes and the error classes. With
// `--check` it fails if the page is stale.
import { errorsPage, renderErrorsPage } from "./docs/errors-page.js";
import { writePage } from "./docs/write-page.js";

const source = "src/errors/error-codes.ts with the classes of src/";
const command = "npx tsx scripts/generate-errors-doc.ts";
await writePage({ page: errorsPage, source, command, render: renderErrorsPage });
