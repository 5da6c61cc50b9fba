import { checkVoice, type VoiceFinding } from "./house/check-voice.js";
import { readFiles } from "./house/read-files.js";

// `npm run check:voice [-- --summary] [-- path ...]`: words that the rules of style ban, with advice.
const codeFolders = ["src", "scripts", "bench", "test", "examples"];
const rootFiles = ["README.md", "CHANGELOG.md", "AGENTS.md", "REVIEW.md"];
const ignored = ["src/protocol/generated/", "test/fixtures/", "docs/internals/api-report/"];

const options = process.argv.slice(2);
const paths = options.filter((option) => !option.startsWith("--")).map((path) => path.replace(/^\.\/|\/$/g, ""));
const findings = checkVoice(await readProse(paths));
if (options.includes("--summary")) console.log(summary(findings));
else for (const { file, line, word, advice } of findings) console.log(`${file}:${line}: "${word}": ${advice}`);
if (findings.length > 0) {
  console.error(`check:voice: ${findings.length} findings in ${new Set(findings.map(({ file }) => file)).size} files`);
  process.exitCode = 1;
}

/** Returns the texts to check, by path: all of the repository, or those at `paths` and below. */
async function readProse(paths: readonly string[]): Promise<Map<string, string>> {
  const groups = await Promise.all([
    ...codeFolders.map((folder) => readFolder(folder, [".ts", ".mjs", ".js", ".md"])),
    readFolder("docs", [".md"]),
    readFiles("", [".md", ".ts", ".mjs"], { deep: false }),
  ]);
  const all = groups.flatMap((group) => [...group]).filter(([file]) => file.includes("/") || isRootFile(file));
  return new Map(
    all
      .filter(([file]) => !ignored.some((folder) => file.startsWith(folder)))
      .filter(([file]) => paths.length === 0 || paths.some((path) => file === path || file.startsWith(`${path}/`))),
  );
}

async function readFolder(folder: string, endings: readonly string[]): Promise<[string, string][]> {
  return [...(await readFiles(folder, endings))].map(([file, text]) => [`${folder}/${file}`, text]);
}

function isRootFile(file: string): boolean {
  return rootFiles.includes(file) || !file.endsWith(".md");
}

/** Counts by folder: two levels deep in `src` and `test`, one level elsewhere. */
function summary(findings: readonly VoiceFinding[]): string {
  const counts = new Map<string, number>();
  for (const { file } of findings) {
    const parts = file.split("/");
    const depth = ["src", "test"].includes(parts[0] ?? "") ? 2 : 1;
    const folder = parts.slice(0, Math.min(depth, Math.max(parts.length - 1, 1))).join("/");
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([folder, count]) => `${String(count).padStart(6)}  ${folder}`)
    .join("\n");
}
