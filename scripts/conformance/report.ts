import { compareVersions } from "./probe.js";
import type { ProbeResult } from "./run-probes.js";

/** The results of one version of codex, as they are saved. */
export interface Report {
  readonly version: string;
  readonly date: string;
  readonly platform: string;
  readonly seconds: number;
  /** The number of probes that hold. */
  readonly ok: number;
  /** By the id of the probe. */
  readonly probes: Readonly<Record<string, ReportedProbe>>;
}

export interface ReportedProbe {
  readonly feature: string;
  readonly status: ProbeResult["status"];
  readonly detail?: string;
}

export function toReport(
  version: string,
  { results, seconds }: { readonly results: readonly ProbeResult[]; readonly seconds: number },
): Report {
  const probes = results.map(({ id, feature, status, detail }): [string, ReportedProbe] => [
    id,
    detail === null ? { feature, status } : { feature, status, detail: withoutChance(detail) },
  ]);
  return {
    version,
    date: new Date().toISOString().slice(0, 10),
    platform: `${process.platform}-${process.arch}`,
    seconds,
    ok: results.filter(({ status }) => status === "ok").length,
    probes: Object.fromEntries(probes),
  };
}

/** Removes paths and ids, which differ from run to run. */
function withoutChance(detail: string): string {
  return detail
    .replaceAll(/\/[\w./@-]*\.tmp\/[\w./-]*/g, "…")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>");
}

export function parseReport(text: string): Report[] {
  return JSON.parse(text) as Report[];
}

/**
 * Returns the reports with this one, the newest version first. It replaces the report of the same version; if it has only
 * some of the probes, it replaces their results and keeps the date.
 */
export function withReport(saved: readonly Report[], report: Report): Report[] {
  const known = saved.find(({ version }) => version === report.version);
  const others = saved.filter((each) => each !== known);
  return [...others, merge(known, report)].sort((a, b) => compareVersions(b.version, a.version));
}

function merge(known: Report | undefined, report: Report): Report {
  if (known === undefined || Object.keys(known.probes).every((id) => id in report.probes)) return report;
  const probes = { ...known.probes, ...report.probes };
  return { ...known, probes, ok: Object.values(probes).filter(({ status }) => status === "ok").length };
}

export function describeResult(version: string, { id, status, ms, detail }: ProbeResult): string {
  const more = detail === null ? "" : `\n        ${detail}`;
  return `${version} ${status.padEnd(6)} ${id} (${ms} ms)${more}\n`;
}
