import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findPinnedBinary } from "../pinned-binary.js";
import { startScriptedModel, type ScriptedModel } from "./scripted-model.js";
import type { Scenario } from "./scenarios.js";

/** What one run needs: a home and a work tree of its own, and a model that says what the scenario wants. */
export interface CodexRun {
  readonly home: string;
  readonly workTree: string;
  readonly model: ScriptedModel;
  spawn(args: readonly string[]): CodexChild;
}

export interface CodexChild {
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterable<string>;
  readonly exited: Promise<number | null>;
}

const mcpServer = fileURLToPath(new URL("tiny-mcp-server.mjs", import.meta.url));

export function modelOf(scenario: Scenario): string {
  return scenario.model ?? "gpt-5.5";
}

export async function withCodexRun<T>(
  directory: string,
  scenario: Scenario,
  use: (run: CodexRun) => Promise<T>,
): Promise<T> {
  rmSync(directory, { recursive: true, force: true });
  const home = path.join(directory, "home");
  const workTree = path.join(directory, "tree");
  for (const folder of [home, workTree]) mkdirSync(folder, { recursive: true });
  // A repository of its own: else codex finds ours above it, with its AGENTS.md.
  execFileSync("git", ["init", "--quiet", workTree]);
  const model = await startScriptedModel(scenario.turns.flatMap(({ answers }) => answers));
  const children: CodexChild[] = [];
  try {
    return await use({
      home,
      workTree,
      model,
      spawn: (args) => startCodex(args, { scenario, home, workTree, port: model.port }, children),
    });
  } finally {
    for (const { process } of children) process.kill("SIGKILL");
    await model.close();
  }
}

interface Place {
  readonly scenario: Scenario;
  readonly home: string;
  readonly workTree: string;
  readonly port: number;
}

function startCodex(
  args: readonly string[],
  { scenario, home, workTree, port }: Place,
  children: CodexChild[],
): CodexChild {
  const provider = `{name="fake",base_url="http://127.0.0.1:${port}/v1",env_key="FAKE_KEY",wire_api="responses",supports_websockets=false,request_max_retries=0,stream_max_retries=0}`;
  const config = [
    'model_provider="fake"',
    `model_providers.fake=${provider}`,
    `model="${modelOf(scenario)}"`,
    'model_reasoning_summary="detailed"',
    "tools.update_plan.enabled=true",
    ...(scenario.mcp === true
      ? [`mcp_servers.tiny={command="node",args=[${JSON.stringify(mcpServer)}],required=true}`]
      : []),
  ];
  const child = spawn(findPinnedBinary().path, [...args, ...config.flatMap((entry) => ["-c", entry])], {
    cwd: workTree,
    env: { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home, FAKE_KEY: "sk-fake" },
  });
  child.stderr.resume();
  const started: CodexChild = {
    process: child,
    lines: linesOf(child),
    exited: new Promise((resolve) => child.once("exit", resolve)),
  };
  children.push(started);
  return started;
}

async function* linesOf(child: ChildProcessWithoutNullStreams): AsyncGenerator<string> {
  let rest = "";
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout) {
    const parts = (rest + String(chunk)).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}
