import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { root } from "../house/read-files.js";
import { clientMethods } from "../../src/protocol/generated/methods.js";
import { asks } from "./probes/request-list.js";
import { parseReport, type Report } from "./report.js";

/** The pages with a table, from the root of the repository. */
export const tablePages = ["README.md", "docs/internals/versions.md"] as const;

type TablePage = (typeof tablePages)[number];

/** The file of the saved runs. */
export const savedRuns = join(root, "docs/internals/conformance.json");

type Mark = "versions" | "methods";

const beginOf = (mark: Mark): string => `<!-- ${mark}: written by \`npm run conformance -- --docs\` -->`;
const endOf = (mark: Mark): string => `<!-- /${mark} -->`;

/** Writes the tables into the pages. */
export async function writeTables(): Promise<void> {
  for (const page of tablePages) await writeFile(join(root, page), await renderTablePage(page));
}

/** Returns the text of a page with the table of the saved runs, and the page of versions with the list of methods. */
export async function renderTablePage(page: TablePage): Promise<string> {
  const path = join(root, page);
  const whole = page !== "README.md";
  const table = renderTable(parseReport(await readFile(savedRuns, "utf8")), { whole });
  const withTable = replaceBetween(await readFile(path, "utf8"), "versions", table);
  const text = whole ? replaceBetween(withTable, "methods", renderMethods()) : withTable;
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

function replaceBetween(text: string, mark: Mark, content: string): string {
  const [from, to] = [text.indexOf(beginOf(mark)), text.indexOf(endOf(mark))];
  if (from === -1 || to < from) throw new Error(`a page has no marks ${beginOf(mark)} and ${endOf(mark)}`);
  return [text.slice(0, from), beginOf(mark), "\n\n", content, "\n\n", text.slice(to)].join("");
}

/** Methods of the protocol that other probes than those of the raw requests call. */
const calledByProbes = [
  "initialize",
  "review/start",
  "thread/compact/start",
  "thread/start",
  "turn/interrupt",
  "turn/start",
  "turn/steer",
];

/** Returns the methods whose result type was held against an answer of codex, and the others. */
function renderMethods(): string {
  const proven = new Set<string>([...asks.map(({ method }) => method), ...calledByProbes]);
  const all = Object.keys(clientMethods).sort();
  const assumed = all.filter((method) => !proven.has(method));
  const list = (methods: readonly string[]): string => methods.map((method) => `\`${method}\``).join(", ");
  return [
    `Proven (${all.length - assumed.length} of ${all.length}): ${list(all.filter((method) => proven.has(method)))}.`,
    "",
    `Assumed (${assumed.length}): ${list(assumed)}.`,
  ].join("\n");
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
