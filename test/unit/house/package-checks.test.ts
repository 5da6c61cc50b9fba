import { describe, expect, test } from "vitest";
import { declarationsOf, shortenReport } from "../../../scripts/api-report/shorten-report.js";
import { checkSize, measures } from "../../../scripts/size/check-size.js";
import { limits } from "../../../scripts/size/limits.js";

const report = `## API Report

\`\`\`ts

// Warning: (ae-forgotten-export) something
//
// @public (undocumented)
export function open(options: Options): Thread_2;

// @public
interface Options {
    // (undocumented)
    readonly depth: Depth;
}

// @public
type Depth = 1 | 2;

// @public
type Thread_2 = { id: string };

// @public
type Inner = { id: string };

// (No @packageDocumentation comment for this package)

\`\`\`
`;

describe("the API report", () => {
  test("keeps exports and the types in their signatures, except those on other pages", () => {
    const kept = shortenReport(declarationsOf(report), new Set(["Thread"]));
    expect(kept.map(({ text }) => text)).toEqual([
      "export function open(options: Options): Thread_2;",
      "interface Options {\n    readonly depth: Depth;\n}",
      "type Depth = 1 | 2;",
    ]);
  });
});

describe("the size budget", () => {
  test("reports the broken limit and the excess", () => {
    expect(checkSize(limits)).toEqual([]);
    const [measure = "files in the package"] = measures;
    const complaints = checkSize({ ...limits, [measure]: limits[measure] * 1.5 });
    expect(complaints).toEqual([
      `${measure}: ${limits[measure] * 1.5}, which is ${limits[measure] / 2} (50.0 %) over the limit in scripts/size/limits.ts`,
    ]);
  });
});
