// `npm run docs:check`: every `ts` block of the pages and every `@example` compiles against the built package, and those
// marked `ts run` end with exit code 0.
import { basename } from "node:path";
import { readFiles } from "./house/read-files.js";
import { makeProgramHome, runProgram } from "./run-program.js";
import { compileSnippets } from "./snippets/compile-snippets.js";
import { extractDocstrings } from "./snippets/extract-docstrings.js";
import { extractMarkdown } from "./snippets/extract-markdown.js";
import { placeSnippets } from "./snippets/place-snippets.js";

const pages = [
  ...(await readFiles(".", [".md"], { deep: false })),
  ...prefix("docs", await readFiles("docs", [".md"])),
];
const sources = prefix("src", await readFiles("src", [".ts"])).filter(([file]) => !file.includes("/generated/"));
const found = [
  ...pages.map(([file, text]) => extractMarkdown(file, text)),
  ...sources.map(([file, text]) => extractDocstrings(file, text)),
];

const snippets = await placeSnippets(found.flatMap((extraction) => extraction.snippets));
const complaints = [...found.flatMap((extraction) => extraction.complaints), ...compileSnippets(snippets)];
const programs = snippets.filter(({ run }) => run);
if (complaints.length === 0) {
  for (const { path, file, line } of programs) {
    const { problem, output } = await runProgram(path, await makeProgramHome(basename(path, ".ts")));
    if (problem !== null) complaints.push(`${file}:${line}: ${problem}\n${output}`);
  }
}

for (const complaint of complaints) console.error(complaint);
console.log(`${snippets.length} snippets compiled, ${programs.length} to run, ${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;

function prefix(folder: string, files: ReadonlyMap<string, string>): (readonly [string, string])[] {
  return [...files].map(([path, text]) => [`${folder}/${path}`, text] as const);
}
