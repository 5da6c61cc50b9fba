import { type Finding, inOrder, matters, sections } from "./finding.js";

/** The result of a comparison. */
export interface Drift {
  readonly from: string;
  readonly to: string;
  readonly findings: readonly Finding[];
}

/** The most lines of one section in a report for people. */
const maxLines = 60;

export function renderJson({ findings }: Drift): string {
  return inOrder(findings)
    .map((finding) => `${JSON.stringify({ ...finding, matters: matters(finding) })}\n`)
    .join("");
}

export function renderText(drift: Drift): string {
  return render(drift, { title: (text) => text, line: (text) => `  ${text}`, bold: (text) => text });
}

export function renderMarkdown(drift: Drift): string {
  return render(drift, {
    title: (text) => `## ${text}\n`,
    line: (text) => `- ${text}`,
    bold: (text) => `**${text}**`,
  });
}

interface Style {
  readonly title: (text: string) => string;
  readonly line: (text: string) => string;
  readonly bold: (text: string) => string;
}

function render({ from, to, findings }: Drift, style: Style): string {
  const worst = findings.filter(matters).length;
  const verdict = worst === 0 ? "nothing that codexkit uses has changed" : `${worst} differences of what codexkit uses`;
  const parts = sections.map((section) => {
    const own = inOrder(findings.filter((finding) => finding.section === section));
    const lines = own.slice(0, maxLines).map((finding) => style.line(lineOf(finding, style)));
    const rest = own.length > maxLines ? [style.line(`and ${own.length - maxLines} more`)] : [];
    return [style.title(`${section}: ${own.length === 0 ? "no difference" : count(own)}`), ...lines, ...rest].join(
      "\n",
    );
  });
  return `${style.bold(`codex ${from} to ${to}: ${verdict}`)}\n\n${parts.join("\n\n")}\n`;
}

function count(findings: readonly Finding[]): string {
  const of = (kind: Finding["kind"]): number => findings.filter((finding) => finding.kind === kind).length;
  return `${of("~")} changed, ${of("-")} removed, ${of("+")} added`;
}

function lineOf(finding: Finding, { bold }: Style): string {
  const { kind, path, from, to, usedBy, count: times = 1 } = finding;
  const values = kind === "~" ? `: ${excerpt(from)} -> ${excerpt(to)}` : "";
  const uses = !matters(finding) ? "" : ` (${usedBy.slice(0, 3).join(", ")}${usedBy.length > 3 ? ", …" : ""})`;
  const text = `${kind} ${path}${times > 1 ? ` (${times}x)` : ""}${values}${uses}`;
  return matters(finding) ? bold(text) : text;
}

function excerpt(text: string | null): string {
  const value = text === null || text === "" ? "nothing" : text;
  return value.length > 120 ? `${value.slice(0, 120)}…` : value;
}
