import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderOptions } from "../../../scripts/options/render-options.js";
import { clientOptionsTable } from "../../../src/transport/options/client-options-table.js";
import { optionRows } from "../../../src/transport/options/options-table.js";

const path = fileURLToPath(new URL("../../../docs/options.md", import.meta.url));

describe("docs/options.md", () => {
  it("[A1.23] equals the table of options (else: npm run options)", async () => {
    expect(readFileSync(path, "utf8")).toBe(await renderOptions(path));
  });

  it("[A1.23] has a line for every option", () => {
    const names = [...readFileSync(path, "utf8").matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(names).toEqual([...Object.keys(optionRows), ...Object.keys(clientOptionsTable)]);
  });
});
