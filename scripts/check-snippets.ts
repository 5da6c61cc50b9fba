// `npm run docs:check`: checks that every `ts`, `cjs` and `mjs` block of the pages compiles against the built package
// and ends with exit code 0 on the real codex with a scripted model. Blocks marked `compile` and `@example`s only
// compile. Links between pages must have a target, which the package contains if it contains the page. Reference pages
// must be complete.
import { basename } from "node:path";
import { availableParallelism } from "node:os";
import { checkApiPage } from "./docs/check-api-page.js";
import { checkLinks } from "./docs/check-links.js";
import { checkErrorsPage } from "./docs/errors-page.js";
import { prefix, readPages } from "./docs/read-pages.js";
import { readPublished } from "./house/package-manifest.js";
import { readFiles } from "./house/read-files.js";
import { makeProgramHome, runProgram } from "./run-program.js";
import { compileSnippets } from "./snippets/compile-snippets.js";
import { extractDocstrings } from "./snippets/extract-docstrings.js";
import { extractMarkdown } from "./snippets/extract-markdown.js";
import { type PlacedSnippet, placeSnippets } from "./snippets/place-snippets.js";
import { sampleProject } from "./snippets/sample-project.js";
import { createSnippetModel } from "./snippets/snippet-model.js";
import { toJavaScript } from "./snippets/to-javascript.js";

const started = performance.now();
const pages = await readPages();
const sources = prefix("src", await readFiles("src", [".ts"])).filter(([file]) => !file.includes("/generated/"));
const found = [
  ...[...pages].map(([file, text]) => extractMarkdown(file, text)),
  ...sources.map(([file, text]) => extractDocstrings(file, text)),
];

const snippets = await placeSnippets(found.flatMap((extraction) => extraction.snippets));
const complaints = [
  ...found.flatMap((extraction) => extraction.complaints),
  ...checkLinks(pages, await readPublished()),
  ...(await checkApiPage()),
  ...(await checkErrorsPage()),
  ...compileSnippets(snippets),
];
const programs = snippets.filter(({ run }) => run);
if (complaints.length === 0) complaints.push(...(await runAll(programs)));

for (const complaint of complaints) console.error(complaint);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${snippets.length} snippets compiled, ${programs.length} to run, ${complaints.length} complaints, ${seconds} s`,
);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** Runs two at once, because each starts a codex. */
async function runAll(queue: readonly PlacedSnippet[]): Promise<string[]> {
  await using model = await createSnippetModel();
  const waiting = [...queue];
  const failures: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { path, file, line } = next;
      const home = await makeProgramHome(basename(path).replace(/\W/g, "-"), sampleProject, model);
      const { problem, output } = await runProgram(await toJavaScript(path), home);
      if (problem !== null) failures.push(`${file}:${line}: ${problem}\n${output}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return failures;
}
