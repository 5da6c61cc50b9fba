import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderTablePage, tablePages } from "../../../scripts/conformance/table.js";
import { root } from "../../../scripts/house/read-files.js";

test.each(tablePages)(
  "[A7.1] the table of versions in %s is up to date (npm run conformance -- --docs)",
  async (page) => {
    expect(await readFile(join(root, page), "utf8")).toBe(await renderTablePage(page));
  },
);
