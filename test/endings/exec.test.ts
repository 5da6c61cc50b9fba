import { describe, expect, it } from "vitest";
import { execCase, hostileChildren, wrongEnd } from "./hostile-children.js";
import { deaths, endings, runCase } from "./run-case.js";
import { complaintsOf } from "./sound-ending.js";
import { sentenceOf } from "./ending-sentences.js";

// Living processes and their owners are read from /proc.
describe.skipIf(process.platform !== "linux")("on exec, a codex that", () => {
  for (const child of hostileChildren) {
    for (const ending of endings) {
      it.concurrent(`[A1.5] ${child.behaviour}: ${sentenceOf(ending)}`, async () => {
        const report = await runCase(execCase(child, ending));
        expect([...complaintsOf(report, ending), ...wrongEnd(child, ending, report)]).toEqual([]);
      });
    }
  }
});

describe.skipIf(process.platform !== "linux")("on exec, when the host program dies under a codex that", () => {
  for (const child of hostileChildren) {
    for (const death of deaths) {
      it.concurrent(`[A1.5] ${child.behaviour}: ${sentenceOf(death)}`, async () => {
        const report = await runCase(execCase(child, death));
        expect(complaintsOf(report, death)).toEqual([]);
      });
    }
  }
});
