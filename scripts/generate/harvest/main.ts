import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson } from "../../../src/internal/json.js";
import { textAt } from "./json-at.js";
import { findPinnedBinary } from "../pinned-binary.js";
import { withCodexRun, type CodexRun } from "./codex-run.js";
import { harvestAppServer } from "./harvest-app-server.js";
import { harvestExec } from "./harvest-exec.js";
import { scenarios } from "./scenarios.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { version } = findPinnedBinary();
const fixtures = path.join(root, "test/fixtures/wire", version);

/** Runs every scenario with the real binary on both transports and keeps what it said. */
async function main(): Promise<void> {
  const results: string[] = [];
  rmSync(fixtures, { recursive: true, force: true });
  for (const scenario of scenarios) {
    const { name } = scenario;
    await withCodexRun(path.join(root, ".tmp/harvest", name, "app-server"), scenario, async (run) => {
      const harvest = await harvestAppServer(run, scenario);
      keep("app-server", `${name}.jsonl`, harvest.lines, run);
      results.push(...harvest.results.map((line) => scrub(line, run)));
    });
    if (scenario.decision !== undefined) continue;
    await withCodexRun(path.join(root, ".tmp/harvest", name, "exec"), scenario, async (run) => {
      keep("exec", `${name}.jsonl`, await harvestExec(run, scenario), run);
    });
  }
  writeFileSync(path.join(fixtures, "app-server", "results.json"), oneOfEachShape(results));
}

function keep(transport: string, file: string, lines: readonly string[], run: CodexRun): void {
  const directory = path.join(fixtures, transport);
  mkdirSync(directory, { recursive: true });
  const text = lines.map((line) => `${scrub(line, run)}\n`).join("");
  writeFileSync(path.join(directory, file), text);
  process.stderr.write(`${transport}/${file}: ${lines.length} lines, ${run.model.left} answers left\n`);
}

/** Names and paths of this machine become those of none. */
function scrub(line: string, { home, workTree }: CodexRun): string {
  return line
    .replaceAll(workTree, "/work-tree")
    .replaceAll(home, "/codex-home")
    .replaceAll(root, "/checkout/")
    .replaceAll(`"serverName":${JSON.stringify(hostname())}`, '"serverName":"host"');
}

/** Results repeat from scenario to scenario: the longest of each method is the richest. */
function oneOfEachShape(results: readonly string[]): string {
  const longest = new Map<string, string>();
  for (const line of results) {
    const method = textAt(parseJson(line), "method");
    if (line.length > (longest.get(method)?.length ?? 0)) longest.set(method, line);
  }
  return `[\n${[...longest.values()].join(",\n")}\n]\n`;
}

await main();
