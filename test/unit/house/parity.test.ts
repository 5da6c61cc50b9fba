import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderParity } from "../../../scripts/parity/render-parity.js";
import { root } from "../../../scripts/house/read-files.js";

test("docs/internals/parity.md is up to date (npm run parity)", async () => {
  const path = join(root, "docs/internals/parity.md");
  expect(await readFile(path, "utf8")).toBe(await renderParity(path));
});
