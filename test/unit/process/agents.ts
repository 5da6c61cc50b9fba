import { join } from "node:path";
import { spawnAgent, type SpawnAgentOptions } from "../../../src/process/spawn/spawn-agent.js";
import type { AgentProcess } from "../../../src/process/spawn/agent-process.js";
import { onTestFinished } from "vitest";

const folder = join(import.meta.dirname, "../../agents");

/** Starts one of the tiny executables of test/agents: `x.mjs` by Node, `x.sh` by bash. */
export async function startAgent(
  name: string,
  args: readonly string[] = [],
  options: Partial<SpawnAgentOptions> = {},
): Promise<AgentProcess> {
  const command = name.endsWith(".sh") ? "/bin/bash" : process.execPath;
  const env = { PATH: process.env["PATH"] ?? "", ...options.env };
  const agent = await spawnAgent({ command, args: [join(folder, name), ...args], ...options, env });
  onTestFinished(() => void agent.kill("SIGKILL"));
  return agent;
}

export async function readTexts(agent: AgentProcess): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of agent.lines) texts.push(...batch.map((line) => line.text));
  return texts;
}
