import { deaths, type CaseReport, type Ending, type HostReport } from "./run-case.js";

/** The contract is 2 s. This is a bound, not a measurement, so it has slack for a busy machine. */
const endLimitMs = 10_000;
/** The limit after `close()`, when a program has no work left. */
const lingerLimitMs = 3_000;

/** An empty program takes 60 MB; the largest line of all children is 12 MB. */
const memoryLimitMb = 400;

/**
 * Returns the defects of an ending, whatever the executable did and whatever the outcome of the turn was; empty if it
 * is sound. A test asserts `expect(complaintsOf(report, ending)).toEqual([])`.
 */
export function complaintsOf(report: CaseReport, ending: Ending): string[] {
  const { host, hung, survivors, leftovers } = report;
  const complaints = survivors.map(({ commandLine, by }) => `survived (found by its ${by}): ${commandLine}`);
  if (leftovers.length > 0) complaints.push(`left in the temporary folder: ${leftovers.join(", ")}`);
  if (hung) complaints.push("the host did not end");
  complaints.push(...(isDeath(ending) ? ofDeath(report, ending) : ofExit(report)));
  if (host === null) return complaints;
  // In the ending `uncaught` the host program's own bug must be the only accident.
  const expected = ending === "uncaught" ? 1 : 0;
  if (host.tripwires.length !== expected) complaints.push(...host.tripwires.map((text) => `tripwire: ${text}`));
  for (const [subject, { endedTwice }] of Object.entries(host.operations))
    if (endedTwice > 0) complaints.push(`${endedTwice} operations of ${subject} ended twice`);
  if (!isDeath(ending)) complaints.push(...ofSettling(host, ending));
  return complaints;
}

function isDeath(ending: Ending): ending is (typeof deaths)[number] {
  return deaths.some((death) => death === ending);
}

function ofExit({ exit, lingerMs, host, stderr }: CaseReport): string[] {
  const complaints: string[] = [];
  if (exit.code !== 0) complaints.push(`the host ended with ${exit.code ?? exit.signal ?? "nothing"}: ${stderr}`);
  if (lingerMs !== null && lingerMs > lingerLimitMs) complaints.push(`the host lingered for ${lingerMs} ms`);
  if (host === null) complaints.push("the host program reported nothing");
  return complaints;
}

function ofDeath({ exit, signalled, host, stderr }: CaseReport, ending: (typeof deaths)[number]): string[] {
  const found = `${exit.code ?? ""}${exit.signal ?? ""}`;
  const expected = ending === "exit" ? "7" : ending === "uncaught" ? "1" : ending;
  if (found !== expected) return [`the host program ended with ${found} instead of ${expected}: ${stderr}`];
  if (ending === "exit" || ending === "uncaught") return host === null ? ["the host program reported nothing"] : [];
  return signalled ? [] : ["the host was never in mid-turn"];
}

function ofSettling(host: HostReport, ending: Ending): string[] {
  const complaints: string[] = [];
  const { settled, reader, resources, operations, endedMs, peakMb, left } = host;
  complaints.push(...left.map((commandLine) => `ran when the turn had settled: ${commandLine}`));
  if (settled !== 1) complaints.push(`the turn settled ${settled} times`);
  const ends = withoutReader.has(ending) ? 0 : 1;
  if (reader.ends !== ends) complaints.push(`the reader's end came ${reader.ends} times instead of ${ends}`);
  const terminal = reader.events["turn.completed"] ?? 0;
  if (terminal > 1) complaints.push(`the terminal event came ${terminal} times`);
  if (resources.length > 0) complaints.push(`open after close(): ${resources.join(", ")}`);
  if (peakMb > memoryLimitMb) complaints.push(`the host took ${peakMb} MB`);
  if (endedMs > endLimitMs) complaints.push(`the ending took ${Math.round(endedMs)} ms`);
  for (const [subject, { started, ended }] of Object.entries(operations)) {
    if (subject === "client" && ending === "leave") continue;
    if (started !== ended) complaints.push(`${ended} of ${started} operations of ${subject} have ended`);
  }
  return complaints;
}

const withoutReader: ReadonlySet<Ending> = new Set<Ending>([
  "run",
  "leave",
  "abort-before",
  "abort-at-spawn",
  "abort-after",
]);
