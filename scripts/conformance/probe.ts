import type { CodexOptions, TransportName } from "../../src/index.js";
import type { ScriptEntry } from "../../src/testing/index.js";
import type { Expectation } from "./expectation.js";
import type { ProbeStage } from "./stage.js";

/** One behaviour of codex, as a user of the public API sees it. */
export interface Probe {
  /** Unique, `<subject>.<behaviour>`. The transport is appended to it. */
  readonly id: string;
  /** The row of the table of versions and features. */
  readonly feature: string;
  /** The transports on which it is played. Default: both. */
  readonly transports?: readonly TransportName[];
  /** The first version of codex on which it holds, for all transports or for one. Default: every version. */
  readonly since?: Since;
  /** Versions since then on which it does not hold: from the first, up to and without the second. */
  readonly except?: readonly (readonly [from: string, below: string])[];
  /** The answers of the model, request by request. Default: none. */
  readonly model?: (transport: TransportName) => readonly ScriptEntry[];
  /** Keys that the model accepts, by name. */
  readonly acceptKeys?: Readonly<Record<string, string>>;
  /** True for an empty CODEX_HOME, without the scripted model as the provider, and an environment without its token. */
  readonly freshHome?: boolean;
  /** The options of the client. */
  readonly client?: CodexOptions;
  /** Plays the probe and returns the observation that is compared with `expected`. */
  readonly play: (stage: ProbeStage) => Promise<unknown>;
  readonly expected: Expectation | ((transport: TransportName) => Expectation);
  /** Default: 20,000. */
  readonly timeoutMs?: number;
}

export type Since = string | Partial<Record<TransportName, string>>;

/** A probe on one transport. */
export interface ProbeRun {
  readonly id: string;
  readonly probe: Probe;
  readonly transport: TransportName;
}

const transports = ["app-server", "exec"] as const;

/** Returns every probe on each of its transports. */
export function probeRuns(probes: readonly Probe[]): ProbeRun[] {
  return probes.flatMap((probe) =>
    (probe.transports ?? transports).map((transport) => ({ id: `${probe.id} ${transport}`, probe, transport })),
  );
}

/** Whether the probe is expected to hold on a version of codex. */
export function holdsOn({ probe, transport }: ProbeRun, version: string): boolean {
  const { since = "0.0.0", except = [] } = probe;
  const first = typeof since === "string" ? since : (since[transport] ?? "0.0.0");
  if (compareVersions(version, first) < 0) return false;
  return !except.some(([from, below]) => compareVersions(version, from) >= 0 && compareVersions(version, below) < 0);
}

/** Returns a negative number if `a` is the older version. Suffixes of pre-releases are ignored. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split("-")[0]?.split(".").map(Number) ?? []);
  const index = [0, 1, 2].find((at) => (left?.[at] ?? 0) !== (right?.[at] ?? 0)) ?? 0;
  return (left?.[index] ?? 0) - (right?.[index] ?? 0);
}
