import type { Finding } from "./finding.js";
import type { SourceUses } from "./used-by.js";
import { readWireParts, type WireParts } from "./wire-parts.js";

/** The canonical forms of a harvest, by the name of the fixture. */
export type Fixtures = ReadonlyMap<string, string>;

/** Answers that describe the release itself: their changes are in the tables. */
const ofTheRelease = /^answer of (?:model\/list|config\/read)\b/;

/** The values that differ between any two versions. They are one finding. */
const ofEveryVersion = /(?:cliVersion|codexVersion|modelContextWindow|\.model|userAgent)$/;

/** Compares two harvests. The same difference in several fixtures is one finding with their number. */
export function compareWires(from: Fixtures, to: Fixtures, uses: SourceUses): Finding[] {
  const found = new Map<string, Finding>();
  const add = (part: Part, fixture: string): void => {
    const path = part.path.startsWith("number of") ? `${part.path} in ${fixture}` : part.path;
    const key = `${part.kind} ${path}`;
    const count = (found.get(key)?.count ?? 0) + 1;
    found.set(key, { ...part, section: "wire", path, usedBy: usedBy(part.path, uses), count });
  };
  for (const [fixture, text] of from) {
    const other = to.get(fixture);
    if (other !== undefined) compareParts([readWireParts(text), readWireParts(other)], (part) => add(part, fixture));
  }
  const names = (kind: "+" | "-", only: Fixtures, others: Fixtures): Finding[] =>
    [...only.keys()]
      .filter((name) => !others.has(name))
      .map((name) => ({ section: "wire", kind, path: `scenario ${name}`, from: null, to: null, usedBy: [] }));
  return [...foldVersions([...found.values()]), ...names("-", from, to), ...names("+", to, from)];
}

type Part = Omit<Finding, "section" | "usedBy">;

function compareParts([from, to]: readonly [WireParts, WireParts], report: (part: Part) => void): void {
  for (const path of new Set([...from.keys(), ...to.keys()])) {
    if (ofTheRelease.test(path)) continue;
    const [before, after] = [from.get(path) ?? null, to.get(path) ?? null];
    if (before === after) continue;
    report({ kind: before === null ? "+" : after === null ? "-" : "~", path, from: before, to: after });
  }
}

function foldVersions(findings: readonly Finding[]): Finding[] {
  const folded = findings.filter(({ kind, path }) => kind === "~" && ofEveryVersion.test(path));
  const rest = findings.filter((finding) => !folded.includes(finding));
  if (folded.length === 0) return rest;
  const values = (side: "from" | "to"): string => [...new Set(folded.map((each) => each[side]))].slice(0, 4).join("; ");
  const path = "version, default model and context window";
  return [
    ...rest,
    { section: "wire", kind: "~", path, from: values("from"), to: values("to"), usedBy: [], count: folded.length },
  ];
}

/** A message is used by its name, and a field of a used message by its own. */
function usedBy(path: string, uses: SourceUses): string[] {
  const [, method = "", field = ""] = /^(?:number of |answer of )?([^.<]+)(?:.*\.(\w+)(?:\[\])*)?$/.exec(path) ?? [];
  const name = method.replaceAll(".", "/");
  const users = [...uses.literal(method), ...uses.literal(name)];
  if (users.length === 0 || field === "") return [...new Set(users)];
  return uses.field(field);
}
