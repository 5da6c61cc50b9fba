import { CodexError } from "../../src/index.js";
import { scratchFolder } from "../house/scratch-folder.js";
import { findDifference } from "./expectation.js";
import { holdsOn, type ProbeRun } from "./probe.js";
import { openStage, type ProbeStage, withOwnProcesses } from "./stage.js";

/**
 * The result of one probe: `ok`; `gap` if it does not hold on a version before its `since` or in its `except`; `failed`
 * if it should hold.
 */
export interface ProbeResult {
  readonly id: string;
  readonly feature: string;
  readonly status: "ok" | "gap" | "failed";
  readonly ms: number;
  /** The difference or the error; null if the status is `ok`. */
  readonly detail: string | null;
}

export interface RunOptions {
  readonly codexPath: string;
  readonly version: string;
  /** The number of probes that run at once. */
  readonly jobs: number;
  readonly onResult?: (result: ProbeResult) => void;
}

/** Plays every probe on one binary. A probe that fails is a result, and the others are played. */
export async function runProbes(runs: readonly ProbeRun[], options: RunOptions): Promise<ProbeResult[]> {
  const results = new Map<string, ProbeResult>();
  const rest = [...runs];
  const worker = async (): Promise<void> => {
    for (let run = rest.shift(); run !== undefined; run = rest.shift()) {
      const result = await runProbe(run, options);
      results.set(run.id, result);
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return runs.flatMap(({ id }) => results.get(id) ?? []);
}

async function runProbe(run: ProbeRun, { codexPath, version }: RunOptions): Promise<ProbeResult> {
  const began = performance.now();
  const folder = scratchFolder("conformance", `${process.pid}-${version}`, run.id.replaceAll(/[^\w.-]/g, "-"));
  const detail = await withOwnProcesses(() => playProbe(run, folder, codexPath)).catch(describe);
  const status = detail === null ? "ok" : holdsOn(run, version) ? "failed" : "gap";
  return { id: run.id, feature: run.probe.feature, status, ms: Math.round(performance.now() - began), detail };
}

const defaultTimeoutMs = 20_000;

async function playProbe(run: ProbeRun, folder: string, codexPath: string): Promise<string | null> {
  const { probe, transport } = run;
  const timeoutMs = probe.timeoutMs ?? defaultTimeoutMs;
  const signal = AbortSignal.timeout(timeoutMs);
  await using stage = await openStage(run, { folder, codexPath, signal });
  const expected = typeof probe.expected === "function" ? probe.expected(transport) : probe.expected;
  return await Promise.race([compare(probe.play, { stage, expected }), afterAbort(signal, timeoutMs)]);
}

async function compare(
  play: (stage: ProbeStage) => Promise<unknown>,
  { stage, expected }: { stage: ProbeStage; expected: Parameters<typeof findDifference>[0] },
): Promise<string | null> {
  try {
    return findDifference(expected, await play(stage));
  } catch (error) {
    return describe(error);
  }
}

function afterAbort(signal: AbortSignal, timeoutMs: number): Promise<string> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(`no end after ${timeoutMs} ms`), { once: true });
  });
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return CodexError.isInstance(error) ? `${error.code}: ${text}` : text;
}
