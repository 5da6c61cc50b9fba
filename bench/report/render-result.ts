import type { Bound, CaseResult, Ratio } from "../case.js";

/** Renders a case as Markdown. */
export function renderResult({ title, method, columns, rows, ratios }: CaseResult): string {
  const measures = toTable(
    ["", "unit", ...columns],
    rows.map(({ label, unit, values }) => [
      label,
      unit,
      ...values.map((value) => (value === null ? "–" : toDigits(value))),
    ]),
  );
  const judged = toTable(["ratio", "value", "limit", "within"], ratios.map(renderRatio));
  return `### ${title}\n\n${method}\n\n${measures}\n\n${judged}`;
}

/** Returns true if a ratio is within its bound or has none. */
export function holds({ value, bound }: Ratio): boolean {
  if (bound === undefined) return true;
  return "atMost" in bound ? value <= bound.atMost : value >= bound.atLeast;
}

function renderRatio(ratio: Ratio): string[] {
  const { label, value, unit, bound } = ratio;
  const verdict = bound === undefined ? "" : holds(ratio) ? "yes" : "**no**";
  return [
    label,
    toDigits(value) + (unit === undefined ? "" : ` ${unit}`),
    bound === undefined ? "" : renderBound(bound),
    verdict,
  ];
}

function renderBound(bound: Bound): string {
  return "atMost" in bound ? `≤ ${toDigits(bound.atMost)}` : `≥ ${toDigits(bound.atLeast)}`;
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Formats a number with three significant digits. */
function toDigits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}
