import { describe, expect, test } from "vitest";
import { checkLayers, type SourceFiles } from "../../../scripts/house/check-layers.js";
import { publicEntries, readManifest } from "../../../scripts/house/package-manifest.js";
import { readFiles } from "../../../scripts/house/read-files.js";

const entries = ["index.ts", "testing/index.ts"];

describe("the layers of src/", () => {
  test("every import goes to the file's own folder or to a lower rank", async () => {
    const files = await readFiles("src", [".ts", ".js"]);
    expect(files.size).toBeGreaterThan(0);
    expect(checkLayers(files, publicEntries(await readManifest()))).toEqual([]);
  });

  test("a clean tree has no complaint", () => {
    const files = tree({
      "errors/codex-error.ts": "export class CodexError extends Error {}",
      "transport/transport.ts": `import type { CodexError } from "../errors/codex-error.js"; export type T = CodexError;`,
      "thread/turn/turn.ts": `import type { T } from "../../transport/transport.js"; import "./run-turn.js";`,
      "thread/turn/run-turn.ts": `import { once } from "node:events"; export { once };`,
      "index.ts": `export { CodexError } from "./errors/codex-error.js";`,
      "testing/index.ts": `import "../thread/turn/turn.js";`,
      "cli/main.ts": `import "commander"; import "../index.js"; import "../testing/index.js"; import "./output.js";`,
      "cli/output.ts": "",
    });
    expect(checkLayers(files, entries)).toEqual([]);
  });

  test.each([
    [
      "an import of a higher rank",
      { "rpc/a.ts": `import "../client/b.js";`, "client/b.ts": "" },
      "rank 6 is not below rank 3",
    ],
    [
      "an import of an equal rank",
      { "rpc/a.ts": `import "../process/b.js";`, "process/b.ts": "" },
      "rank 3 is not below rank 3",
    ],
    ["a type-only import", { "rpc/a.ts": `import type { B } from "../client/b.js";`, "client/b.ts": "" }, "rank 6"],
    ["a re-export", { "rpc/a.ts": `export { b } from "../client/b.js";`, "client/b.ts": "" }, "rank 6"],
    ["an import() expression", { "rpc/a.ts": `await import("../client/b.js");`, "client/b.ts": "" }, "rank 6"],
    ["an import() type", { "rpc/a.ts": `type B = import("../client/b.js").B;`, "client/b.ts": "" }, "rank 6"],
    ["an import by a computed name", { "rpc/a.ts": "await import(name);" }, "computed name"],
    ["an import of no file", { "rpc/a.ts": `import "../client/b.js";` }, "no file of src/"],
    ["a folder without a rank", { "things/a.ts": "" }, `folder "things" has no rank`],
    [
      "a transport's inside seen by thread",
      { "thread/a.ts": `import "../transport/exec/b.js";`, "transport/exec/b.ts": "" },
      "sees only",
    ],
    [
      "a second file of transport seen by thread",
      { "thread/a.ts": `import "../transport/b.js";`, "transport/b.ts": "" },
      "sees only",
    ],
    [
      "an inner file used by the command line",
      { "cli/a.ts": `import "../thread/b.js";`, "thread/b.ts": "" },
      "no public entry point",
    ],
    ["a package in the wrong folder", { "thread/a.ts": `import "smol-toml";` }, "src/thread may not"],
    ["a package nobody decided on", { "mcp/a.ts": `import "@scope/new/sub.js";` }, "the package @scope/new"],
    ["a Node module in protocol", { "protocol/a.ts": `import "node:fs";` }, "imports node:fs"],
  ])("%s is one complaint", (_fault, files, complaint) => {
    const complaints = checkLayers(tree(files), entries);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(complaint);
  });
});

function tree(files: Record<string, string | undefined>): SourceFiles {
  return new Map(Object.entries(files).map(([path, text]) => [path, text ?? ""]));
}
