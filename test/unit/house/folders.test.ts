import { describe, expect, test } from "vitest";
import { checkCircles } from "../../../scripts/house/check-circles.js";
import { checkFolders } from "../../../scripts/house/check-folders.js";
import { listFiles, readFiles } from "../../../scripts/house/read-files.js";

describe("the folders", () => {
  test.each(["src", "scripts", "test", "bench", "examples"])("of %s/ hold at most 15 files each", async (folder) => {
    const files = await listFiles(folder);
    // The harvest names the recorded fixtures.
    expect(checkFolders(files.filter((file) => !file.startsWith("test/fixtures/wire/")))).toEqual([]);
  });

  test("a folder with 16 files is one complaint, files in its subfolders do not count", () => {
    const files = Array.from({ length: 16 }, (_, index) => `src/thread/file-${index}.ts`);
    expect(checkFolders(files)).toEqual([expect.stringContaining("src/thread/ holds 16 files")]);
    expect(checkFolders([...files.slice(1), "src/thread/turn/turn.ts"])).toEqual([]);
  });
});

describe("the imports of src/", () => {
  test("form no circle, type-only imports included", async () => {
    expect(checkCircles(await readFiles("src", [".ts", ".js"]))).toEqual([]);
  });

  test("a file that several files import is no circle", () => {
    const files = tree({
      "a.ts": `import "./b.js"; import "./c.js";`,
      "b.ts": `import "./d.js";`,
      "c.ts": `import "./d.js"; import "node:fs"; import "commander";`,
      "d.ts": "",
    });
    expect(checkCircles(files)).toEqual([]);
  });

  test.each([
    ["a file that imports itself", { "a.ts": `import "./a.js";` }, "a.ts -> a.ts"],
    [
      "a type-only circle",
      { "a.ts": `import type { B } from "./x/b.js";`, "x/b.ts": `export type { A } from "../a.js";` },
      "x/b.ts -> a.ts -> x/b.ts",
    ],
    [
      "an import() type",
      { "a.ts": `type B = import("./b.js").B;`, "b.ts": `import "./a.js";` },
      "b.ts -> a.ts -> b.ts",
    ],
    [
      "a circle that a longer one contains",
      {
        "a.ts": `import "./b.js";`,
        "b.ts": `import "./c.js";`,
        "c.ts": `import "./a.js"; import "./d.js";`,
        "d.ts": `import "./c.js";`,
      },
      "c.ts -> d.ts -> c.ts",
    ],
    [
      "a circle behind a file outside it",
      { "a.ts": `import "./b.js";`, "b.ts": `await import("./c.js");`, "c.ts": `import "./b.js";` },
      "b.ts -> c.ts -> b.ts",
    ],
  ])("%s is one complaint with its path", (_fault, files, path) => {
    expect(checkCircles(tree(files))).toHaveLength(1);
    const [, circle = ""] = /^import circle: (.*)$/.exec(checkCircles(tree(files))[0] ?? "") ?? [];
    expect(rotations(path)).toContain(circle);
  });
});

function tree(files: Record<string, string | undefined>): Map<string, string> {
  return new Map(Object.entries(files).map(([path, text]) => [path, text ?? ""]));
}

/** The same circle from each of its files. */
function rotations(path: string): string[] {
  const files = path.split(" -> ").slice(0, -1);
  return files.map((first, index) => [...files.slice(index), ...files.slice(0, index), first].join(" -> "));
}
