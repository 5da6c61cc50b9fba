import { describe, expect, test } from "vitest";
import { checkSources } from "../../../scripts/house/check-sources.js";
import { readFiles } from "../../../scripts/house/read-files.js";

describe("the files of src/", () => {
  test("keep the rules on names, sizes, printing and disabled checks", async () => {
    expect(checkSources(await readFiles("src", [".ts", ".js"]))).toEqual([]);
  });

  test("250 lines of code pass, with any number of blank and comment lines", () => {
    const text = `/** Text.\n *\n */\n${"a();\n\n// why\n".repeat(250)}`;
    expect(checkSources(new Map([["thread/turn/turn.ts", text]]))).toEqual([]);
  });

  test("`console` in a comment or in the command line is allowed", () => {
    const files = [
      ["thread/turn/turn.ts", "// console.log(1)\n/** console.log(1) */\nexport const a = 1;"],
      ["cli/main.ts", "console.log(1);"],
    ] as const;
    expect(checkSources(new Map(files))).toEqual([]);
  });

  test.each([
    ["a file over the cap", "thread/turn/turn.ts", "a();\n".repeat(251), "251 lines of code"],
    ["a long template", "thread/turn/turn.ts", `const a = \`${"x\n".repeat(260)}\`;`, "261 lines of code"],
    ["a camelCase name", "thread/runTurn.ts", "", "kebab-case"],
    ["a camelCase folder", "thread/autoRun/loop.ts", "", "kebab-case"],
    ["an empty name", "thread/turn-utils.ts", "", "is an empty name"],
    ["an empty folder name", "thread/common/turn.ts", "", "is an empty name"],
    ["printing", "thread/turn/turn.ts", "\nconsole.log(1);", "thread/turn/turn.ts:2: console"],
    ["a check switched off without a reason", "thread/turn/turn.ts", "// eslint-disable-next-line no-var", "without"],
  ])("%s is one complaint", (_fault, file, text, complaint) => {
    const complaints = checkSources(new Map([[file, text]]));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(complaint);
  });
});
