/** The sections of the report, the worst first. */
export const sections = ["behaviour", "wire", "protocol", "tables"] as const;

/** One difference between two versions of codex. */
export interface Finding {
  readonly section: (typeof sections)[number];
  /** `+` for an addition, `-` for a removal, `~` for a change. */
  readonly kind: "+" | "-" | "~";
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
  /** The files of `src/` that use it. A difference that nothing uses cannot change codexkit. */
  readonly usedBy: readonly string[];
  /** The number of places with the same difference. Default: 1. */
  readonly count?: number;
}

/** Whether a finding can change the behaviour of codexkit: an addition cannot, except in the tables, which must list it. */
export function matters({ section, kind, usedBy }: Finding): boolean {
  return usedBy.length > 0 && (kind !== "+" || section === "tables");
}

/** Returns the findings by section, those that matter first. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding): number =>
    sections.indexOf(finding.section) * 10 + (matters(finding) ? 0 : 4) + ["~", "-", "+"].indexOf(finding.kind);
  return [...findings].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}
