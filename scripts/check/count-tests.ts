import { readFile } from "node:fs/promises";
import { type GateResult, reportPath } from "./run-gate.js";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts the gates and the tests inside them. A vitest gate without a report counts as one failure. */
export async function countTests(results: readonly GateResult[], root: string): Promise<Counts> {
  const counts = await Promise.all(results.map((result) => countGate(result, root)));
  return {
    passed: counts.reduce((sum, count) => sum + count.passed, 0),
    failed: counts.reduce((sum, count) => sum + count.failed, 0),
    skipped: counts.reduce((sum, count) => sum + count.skipped, 0),
  };
}

async function countGate({ gate, passed }: GateResult, root: string): Promise<Counts> {
  const own = { passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
  if (gate.vitest !== true) return { ...own, skipped: 0 };
  const report = await readReport(reportPath(gate, root));
  return {
    passed: own.passed + (report.numPassedTests ?? 0),
    failed: own.failed + (report.numFailedTests ?? 0),
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

interface VitestReport {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numPendingTests?: number;
  readonly numTodoTests?: number;
}

async function readReport(path: string): Promise<VitestReport> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as VitestReport;
  } catch {
    return {};
  }
}
