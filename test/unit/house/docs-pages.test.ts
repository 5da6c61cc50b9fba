import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareNames, exportedNames } from "../../../scripts/docs/check-api-page.js";
import { checkLinks } from "../../../scripts/docs/check-links.js";
import { readPages } from "../../../scripts/docs/read-pages.js";
import { readErrorUses } from "../../../scripts/docs/read-error-classes.js";
import { readPublished } from "../../../scripts/house/package-manifest.js";
import { root } from "../../../scripts/house/read-files.js";

describe("the links of a page", () => {
  const pages = new Map([
    [
      "README.md",
      "# Title\n\n[a](docs/README.md#the-app-servers-own-protocol) [b](LICENSE) [c](#title) [d](https://example.com)\n",
    ],
    [
      "docs/README.md",
      "## The app-server's own protocol\n\n```ts\n[x](nowhere.md)\n## No heading\n```\n\n`[y](nowhere.md)`\n",
    ],
  ]);

  const published = { files: ["docs", "!docs/internals", "LICENSE"], source: "https://example.com/project" };

  test("lead to files and headings; links in code are ignored", () => {
    expect(checkLinks(pages, published)).toEqual([]);
  });

  test.each([
    ["a missing file", "[a](docs/nowhere.md)"],
    ["a missing heading", "[a](docs/README.md#no-heading)"],
    ["a missing heading of its own", "[a](#nowhere)"],
  ])("to %s are complaints", (_fault, text) => {
    const complaints = checkLinks(new Map([...pages, ["AGENTS.md", text]]), published);
    expect(complaints).toEqual([expect.stringContaining("leads nowhere")]);
  });

  test("from a page of the package to a file outside the package are complaints with the absolute link", () => {
    const outside = new Map([
      ["docs/README.md", "[a](internals/parity.md) [b](../AGENTS.md) [c](../LICENSE) [d](internals/decisions/)\n"],
      ["docs/internals/parity.md", "[a](../../AGENTS.md)\n"],
      ["AGENTS.md", "[a](docs/internals/parity.md)\n"],
    ]);
    const advice = (target: string, link: string) =>
      `docs/README.md: the package does not contain the target of the link to ${target}; link to https://example.com/project/${link}`;
    expect(checkLinks(outside, published)).toEqual([
      advice("internals/parity.md", "blob/main/docs/internals/parity.md"),
      advice("../AGENTS.md", "blob/main/AGENTS.md"),
      advice("internals/decisions/", "tree/main/docs/internals/decisions/"),
    ]);
  });

  test("to a file of the repository by its address are complaints if the file is missing", () => {
    const link = (path: string) => `[a](${published.source}/${path})\n`;
    const text = link("blob/main/AGENTS.md#title") + link("tree/main/docs/internals/decisions/") + link("issues");
    expect(checkLinks(new Map([["AGENTS.md", `# Title\n\n${text}`]]), published)).toEqual([]);
    expect(checkLinks(new Map([["README.md", link("blob/main/nowhere.md")]]), published)).toEqual([
      "README.md: the link to https://example.com/project/blob/main/nowhere.md leads nowhere",
    ]);
  });

  test("are correct on all pages", async () => {
    expect(checkLinks(await readPages(), await readPublished())).toEqual([]);
  });
});

test("the API page is compared with the names that are exported", () => {
  const exported = exportedNames(`export { a, type B as C } from "./a.js";\nexport type { D } from "./d.js";\n`);
  expect(exported).toEqual(["a", "C", "D"]);
  expect(compareNames(exported, "| `a` | x |\n| `C`   | x |\n| `Old` | x |\n")).toEqual([
    expect.stringContaining("`D` is missing"),
    expect.stringContaining("nothing exports `Old`"),
  ]);
});

test("error codes are found with the class that throws them and its `retryable`", () => {
  const text = `
    type SomeErrorCode = Extract<ErrorCode, "ONE" | "TWO">;
    class A extends CodexError { constructor(code: SomeErrorCode) { super(code, "", { retryable: false }); } }
    class B extends CodexError { constructor() { super("THREE", "", { retryable: maybe() }); } }
    throw new CodexError("FOUR", "");
  `;
  expect(readErrorUses("a.ts", text)).toEqual([
    { code: "ONE", className: "A", retryable: false },
    { code: "TWO", className: "A", retryable: false },
    { code: "THREE", className: "B", retryable: "depends" },
    { code: "FOUR", className: "CodexError", retryable: undefined },
  ]);
});

test("the pages install the newest codex", async () => {
  const pages = await readPages();
  const installs = [...pages].flatMap(([file, text]) =>
    [...text.matchAll(/^npm install .*@openai\/codex(\S*)/gm)].map(([, version]) => [file, version]),
  );
  expect(installs).toEqual([
    ["README.md", ""],
    ["README.md", ""],
    ["docs/getting-started.md", ""],
  ]);
});

test("the architecture page names only files and folders that exist", async () => {
  const page = await readFile(join(root, "docs", "architecture.md"), "utf8");
  const paths = page.match(/\bsrc\/[\w./-]*[\w/]/g) ?? [];
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
