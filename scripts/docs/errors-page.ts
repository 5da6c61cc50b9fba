import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { errorCodes } from "../../src/errors/error-codes.js";
import { readFiles, root } from "../house/read-files.js";
import { type ErrorUse, readErrorUses } from "./read-error-classes.js";

export const errorsPage = "docs/errors.md";

/** Returns a complaint if `docs/errors.md` is stale. */
export async function checkErrorsPage(): Promise<string[]> {
  const [written, current] = await Promise.all([readFile(join(root, errorsPage), "utf8"), renderErrorsPage()]);
  return written === current ? [] : [`${errorsPage} is stale: run \`npx tsx scripts/generate-errors-doc.ts\``];
}

/** Renders the page from the text `scripts/docs/errors-page.md` and the codes and classes in `src/`. */
export async function renderErrorsPage(): Promise<string> {
  const sources = await readFiles("src", [".ts"]);
  const uses = [...sources].flatMap(([file, text]) => readErrorUses(file, text));
  const rows = Object.entries(errorCodes).map(([code, meaning]) => toRow(code, meaning, uses));
  const table = ["| code | class | cause and remedy | retryable |", "| --- | --- | --- | --- |", ...rows].join("\n");
  const template = await readFile(join(root, "scripts", "docs", "errors-page.md"), "utf8");
  const options = await resolveConfig(join(root, errorsPage));
  return format(template.replace("<!-- table -->", table), { ...options, parser: "markdown" });
}

function toRow(code: string, meaning: string, uses: readonly ErrorUse[]): string {
  const own = uses.filter((use) => use.code === code);
  if (own.length === 0) throw new Error(`Nothing in src/ throws the code ${code}.`);
  const classes = unique(own.map(({ className }) => `\`${className}\``));
  return `| \`${code}\` | ${classes.join(", ")} | ${meaning} | ${retryableOf(own)} |`;
}

function retryableOf(uses: readonly ErrorUse[]): string {
  const [first, ...others] = unique(uses.map(({ retryable }) => retryable));
  if (others.length > 0 || first === "depends") return "depends";
  return first === undefined ? "unknown" : first ? "yes" : "no";
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
