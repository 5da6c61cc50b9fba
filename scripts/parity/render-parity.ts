import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { acceptancePage, listedIds } from "../house/acceptance.js";
import { readFiles, root } from "../house/read-files.js";
import { type Feature, features } from "./features.js";

/** Returns the text of docs/internals/parity.md. Throws if a feature names a test that does not exist. */
export async function renderParity(path: string): Promise<string> {
  const tests = await readFiles("test", [".test.ts", ".test-d.ts"]);
  const missing = features.filter(({ proof }) => proof !== null && !tests.get(within(proof[0]))?.includes(proof[1]));
  if (missing.length > 0) {
    throw new Error(
      `no such test: ${missing.map(({ python, proof }) => `${python}: ${proof?.join(": ")}`).join("; ")}`,
    );
  }
  const acceptance = await readFile(join(root, "docs", acceptancePage), "utf8");
  const text = [...intro, ...featureTable(), ...idTable(acceptance, tests)].join("\n");
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

const intro = [
  "# Parity",
  "",
  "<!-- Written by `npm run parity` from scripts/parity/features.ts, docs/internals/acceptance.md and the tests. Do not edit. -->",
  "",
  "This page lists features of the official Python SDK (`openai-codex` 0.163.0) and their counterparts in codexkit. The list is not complete.",
  "A feature is **done** if the named test proves it. `npm test` runs the test, on the real binary if its file is in `test/e2e` or",
  "`test/contract`. **By request** means that codexkit offers the typed request of the app-server, and no method of its own yet; the named test",
  "checks the types, and not the request itself.",
  "",
];

function featureTable(): string[] {
  const done = features.filter(({ proof, codexkit }) => proof !== null && !isByRequest(codexkit)).length;
  const byRequest = features.filter(({ codexkit }) => isByRequest(codexkit)).length;
  const open = features.length - done - byRequest;
  return [
    `## The Python SDK, feature by feature: ${done} done, ${byRequest} by request, ${open} open`,
    "",
    "| area | Python | codexkit | status | proof |",
    "| --- | --- | --- | --- | --- |",
    ...features.map(featureRow),
    "",
  ];
}

function featureRow({ area, python, codexkit, id, proof, note }: Feature): string {
  const status = proof === null ? "open" : isByRequest(codexkit) ? "by request" : "done";
  const words = [codexkit ?? "—", ...(note === undefined ? [] : [`(${note})`])].join(" ");
  return `| ${area} | ${python} | ${words} | ${status} | ${id}${proof === null ? "" : `, \`${proof[0]}\``} |`;
}

function isByRequest(codexkit: string | null): boolean {
  return codexkit?.startsWith("`codex.appServer.request`") === true;
}

/** Every id with the files of the tests that cite it. */
function idTable(acceptance: string, tests: ReadonlyMap<string, string>): string[] {
  const ids = listedIds(acceptance);
  const proofs = new Map(
    ids.map((id) => [id, [...tests].filter(([, text]) => text.includes(`[${id}]`)).map(([file]) => file)]),
  );
  const proven = ids.filter((id) => (proofs.get(id) ?? []).length > 0).length;
  return [
    `## The behaviours: ${proven} of ${ids.length} have tests`,
    "",
    "[Acceptance](acceptance.md) describes each id. A test that cites an id proves a part of the behaviour. Behaviours that later milestones",
    "complete, such as A1.13, have open features in the table above.",
    "",
    "| id | tests in |",
    "| --- | --- |",
    ...ids.map((id) => `| ${id} | ${(proofs.get(id) ?? []).map((file) => `\`${file}\``).join(", ") || "open"} |`),
    "",
  ];
}

/** Returns the path below `test/`. */
function within(file: string): string {
  return file.replace(/^test\//, "");
}
