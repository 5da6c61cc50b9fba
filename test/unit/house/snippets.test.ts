import { describe, expect, test } from "vitest";
import { extractDocstrings } from "../../../scripts/snippets/extract-docstrings.js";
import { extractMarkdown } from "../../../scripts/snippets/extract-markdown.js";

describe("the snippets of a page", () => {
  test("are its ts, cjs and mjs blocks, each with the line of its code; they are run unless marked `compile`", () => {
    const page =
      "# Title\n\n```ts compile\nconst a = 1;\n```\n\n- item\n\n  ```ts\n  go();\n    deeper();\n  ```\n\n```cjs run\nr();\n```\n```mjs\nm();\n```\n";
    expect(extractMarkdown("README.md", page)).toEqual({
      snippets: [
        { file: "README.md", line: 4, language: "ts", run: false, code: "const a = 1;" },
        { file: "README.md", line: 10, language: "ts", run: true, code: "go();\n  deeper();" },
        { file: "README.md", line: 15, language: "cjs", run: true, code: "r();" },
        { file: "README.md", line: 18, language: "mjs", run: true, code: "m();" },
      ],
      complaints: [],
    });
  });

  test("leave shell, data and plain blocks alone", () => {
    const page = "```sh\nnpm i\n```\n```\nplain\n```\n````text\n```ts\n````\n";
    expect(extractMarkdown("README.md", page)).toEqual({ snippets: [], complaints: [] });
  });

  test.each([
    ["another programming language", "README.md", "js", "`js` block is never compiled"],
    ["an unknown mark", "README.md", "ts runs", "unknown mark"],
    ["two marks", "README.md", "ts run compile", "unknown mark"],
    ["no-check outside decisions", "docs/tools.md", "ts no-check", "is for docs/internals/decisions/"],
  ])("with %s are refused", (_fault, file, info, complaint) => {
    const { snippets, complaints } = extractMarkdown(file, `\`\`\`${info}\nx\n\`\`\`\n`);
    expect(snippets).toEqual([]);
    expect(complaints).toEqual([expect.stringContaining(complaint)]);
  });

  test("may be unchecked in decisions", () => {
    expect(extractMarkdown("docs/internals/decisions/0001.md", "```ts no-check\nx\n```\n")).toEqual({
      snippets: [],
      complaints: [],
    });
  });
});

describe("the examples of docstrings", () => {
  test("keep their indentation and may hold an @ sign", () => {
    const text = [
      "/**",
      " * Text.",
      " *",
      " * @example",
      " * ```ts",
      " * if (a) {",
      " *   @toolMethod() b();",
      " * }",
      " * ```",
      " * @throws never",
      " */",
      "export class A {",
      "  /**",
      "   * @example",
      "   * ```ts run",
      "   * go();",
      "   * ```",
      "   */",
      "  b() {}",
      "}",
    ].join("\n");
    expect(extractDocstrings("src/a.ts", text)).toEqual({
      snippets: [
        { file: "src/a.ts", line: 6, language: "ts", run: false, code: "if (a) {\n  @toolMethod() b();\n}" },
        { file: "src/a.ts", line: 16, language: "ts", run: true, code: "go();" },
      ],
      complaints: [],
    });
  });

  test("without a block are refused", () => {
    const { complaints } = extractDocstrings("src/a.ts", "/** @example go() */\nexport const a = 1;");
    expect(complaints).toEqual([expect.stringContaining("src/a.ts:1: an @example without")]);
  });
});
