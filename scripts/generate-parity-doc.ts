// `npm run parity`: writes docs/internals/parity.md from the list of features and the tests. With `--check` it fails if
// the page is stale.
import { writePage } from "./docs/write-page.js";
import { renderParity } from "./parity/render-parity.js";

const source = "scripts/parity/features.ts with the tests";
await writePage({ page: "docs/internals/parity.md", source, command: "npm run parity", render: renderParity });
