// `npm run options`: writes docs/options.md from the tables of options. With `--check` it fails if the page is stale.
import { writePage } from "./docs/write-page.js";
import { renderOptions } from "./options/render-options.js";

const source = "src/transport/options/options-table.ts";
await writePage({ page: "docs/options.md", source, command: "npm run options", render: renderOptions });
