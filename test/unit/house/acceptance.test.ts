import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { acceptancePage, citedIds, countCitations, listedIds, withStatus } from "../../../scripts/house/acceptance.js";
import { root } from "../../../scripts/house/read-files.js";

describe("docs/internals/acceptance.md", async () => {
  const page = await readFile(join(root, "docs", acceptancePage), "utf8");
  const citations = await countCitations();

  test("lists each id once", () => {
    const ids = listedIds(page);
    expect(ids.length).toBeGreaterThan(50);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test("lists every id that a test title cites", () => {
    const listed = new Set(listedIds(page));
    expect([...citations.keys()].filter((id) => !listed.has(id))).toEqual([]);
  });

  test("shows the current status (npm run acceptance)", () => {
    const written = page.split("\n");
    const stale = withStatus(page, citations)
      .split("\n")
      .filter((line, index) => line !== written[index]);
    expect(stale.flatMap(listedIds)).toEqual([]);
  });
});

test("the named test of each defect of the official SDK cites its id", async () => {
  const page = await readFile(join(root, "docs", acceptancePage), "utf8");
  const rows = [...page.matchAll(/^\| ((?:[RT]\d+(?:, )?)+) +\|.*\| `([^`]+)` +\|$/gm)];
  expect(rows.flatMap(([, ids = ""]) => ids.split(", ")).sort()).toEqual(
    [...[1, 2, 3, 4, 5, 6, 7].map((n) => `R${n}`), ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `T${n}`)].sort(),
  );
  for (const [, ids = "", file = ""] of rows) {
    const text = await readFile(join(root, file), "utf8");
    expect(ids.split(", ").filter((id) => !new RegExp(`\\(.*\\b${id}\\b.*\\)`).test(text))).toEqual([]);
  }
});

describe("the ids of a test file", () => {
  test("are read from plain, template and parameterised titles", () => {
    const text = "test('[A1.4] a', f); test(`${name}: [A1.5] [A1.6] b`, f); test.each([1])('[A2.1] c', f);";
    expect(citedIds("a.test.ts", text)).toEqual(["A1.4", "A1.5", "A1.6", "A2.1"]);
  });

  test("are not read from comments or other strings", () => {
    expect(citedIds("a.test.ts", "// [A1.4]\nconst x = '[A1.5]'; test('plain', f);")).toEqual([]);
  });
});

test("the status is `open` without a test and `tested` with one", () => {
  const page = "| A1.1 | Round trip. | open |\n| A1.2 | Any split \\| of bytes. | tested |\n";
  expect(withStatus(page, new Map([["A1.1", 2]]))).toBe(
    "| A1.1 | Round trip. | tested |\n| A1.2 | Any split \\| of bytes. | open |\n",
  );
});
