import { parseJson } from "../../../src/internal/json.js";
import { textAt } from "./json-at.js";
import type { CodexRun } from "./codex-run.js";
import type { Scenario, ScenarioTurn } from "./scenarios.js";

/** Every line of `codex exec --json`, turn by turn, of a scenario. */
export async function harvestExec(run: CodexRun, scenario: Scenario): Promise<string[]> {
  const lines: string[] = [];
  let threadId: string | undefined;
  for (const turn of scenario.turns) {
    const of = threadId === undefined ? [] : ["resume", threadId];
    const turnLines = await runTurn(run, scenario, turn, of);
    lines.push(...turnLines);
    threadId ??= textAt(parseJson(turnLines[0] ?? ""), "thread_id");
  }
  return lines;
}

async function runTurn(
  run: CodexRun,
  scenario: Scenario,
  turn: ScenarioTurn,
  resume: readonly string[],
): Promise<string[]> {
  const child = run.spawn([
    "exec",
    "--json",
    "--skip-git-repo-check",
    "--sandbox",
    scenario.sandbox ?? "read-only",
    ...resume,
    "-",
  ]);
  child.process.stdin.end(turn.prompt);
  const lines: string[] = [];
  for await (const line of child.lines) {
    lines.push(line);
    if (textAt(parseJson(line), "item", "type") === turn.interruptAt?.[1]) child.process.kill("SIGINT");
  }
  await child.exited;
  return lines;
}
