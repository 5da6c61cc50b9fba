import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { root } from "../house/read-files.js";
import { parseReport, type Report } from "./report.js";

/** The pages with a table, from the root of the repository. */
export const tablePages = ["README.md", "docs/internals/versions.md"] as const;

type TablePage = (typeof tablePages)[number];

/** The file of the saved runs. */
export const savedRuns = join(root, "docs/internals/conformance.json");

const begin = "<!-- versions: written by `npm run conformance -- --docs` -->";
const end = "<!-- /versions -->";

/** Writes the tables into the pages. */
export async function writeTables(): Promise<void> {
  for (const page of tablePages) await writeFile(join(root, page), await renderTablePage(page));
}

/** Returns the text of a page with the table of the saved runs between its two marks. */
export async function renderTablePage(page: TablePage): Promise<string> {
  const path = join(root, page);
  const text = await readFile(path, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${page} has no marks ${begin} and ${end}`);
  const reports = parseReport(await readFile(savedRuns, "utf8"));
  const table = renderTable(reports, { whole: page !== "README.md" });
  const whole = [text.slice(0, from), begin, "\n\n", table, "\n\n", text.slice(to)].join("");
  return format(whole, { ...(await resolveConfig(path)), filepath: path });
}

/** Returns the table of versions and features. Unless `whole`, the features that hold on every version share a row. */
export function renderTable(reports: readonly Report[], { whole }: { readonly whole: boolean }): string {
  const features = [...new Set(reports.flatMap(({ probes }) => Object.values(probes).map(({ feature }) => feature)))];
  const rows = features.map((feature) => ({ feature, cells: reports.map((report) => cellOf(report, feature)) }));
  const everywhere = rows.filter(({ cells }) => cells.every((cell) => cell === "ok"));
  const shared = { feature: `${everywhere.length} other features`, cells: reports.map(() => "ok") };
  const shown = whole ? rows : [...rows.filter((row) => !everywhere.includes(row)), shared];
  const others = whole ? [] : ["", `The other features: ${everywhere.map(({ feature }) => feature).join(", ")}.`];
  const counts = reports.map(({ ok, probes }) => `${ok} of ${Object.keys(probes).length}`);
  const dates = reports.map(({ date }) => date);
  return [
    `| feature | ${reports.map(({ version }) => version).join(" | ")} |`,
    `| --- |${reports.map(() => " --- |").join("")}`,
    ...[
      ...shown.map(({ feature, cells }) => [feature, ...cells]),
      ["probes that hold", ...counts],
      ["date of the run", ...dates],
    ].map((cells) => `| ${cells.join(" | ")} |`),
    ...others,
  ].join("\n");
}

/** `ok`, `no`, or the number of probes that hold. */
function cellOf({ probes }: Report, feature: string): string {
  const own = Object.values(probes).filter((probe) => probe.feature === feature);
  const ok = own.filter(({ status }) => status === "ok").length;
  if (own.length === 0) return "";
  if (ok === own.length) return "ok";
  return ok === 0 ? "**no**" : `**${ok} of ${own.length}**`;
}
