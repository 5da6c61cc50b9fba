import type { ModelStep, ScriptedModel } from "../../src/testing/index.js";
import { functionCall, message, respond, shell, stall } from "../../src/testing/index.js";
import { isTemporary } from "../../src/cli/scratch-folder.js";
import { agentScript, type AgentNamespace, spawn } from "../e2e/agents/agent-script.js";
import { root } from "../../scripts/house/read-files.js";
import { type Ending, endings, type HostCase } from "./run-case.js";

/** A turn on the real binary whose model starts a sub-agent; the command of the sub-agent leaves its session and runs on. */
export interface AgentKind {
  readonly namespace: AgentNamespace;
  /** The model whose sub-agents these are. */
  readonly model: string;
  /** `deep`: the command is that of a sub-agent of the sub-agent. */
  readonly depth: "direct" | "deep";
}

/** The script of the model, and the number of requests of sub-agents so far. */
export interface AgentPlay {
  readonly steps: ReturnType<typeof agentScript>;
  readonly asked: () => number;
}

/** The endings with work of a sub-agent to end: without those that come before the turn begins. */
export function hasAgent(ending: Ending): boolean {
  return ending !== "abort-before" && ending !== "abort-at-spawn";
}

/** The requests of sub-agents in a case: none follows the command that runs when the turn ends. */
export function expectedRequests({ depth }: AgentKind, ending: Ending): number {
  return (depth === "deep" ? 3 : 1) + (ending === "idle-timeout" ? 1 : 0);
}

/** The start of the command lines of the sub-agent's command and of the process that left its session. */
const command = "sleep 433";

/**
 * The turn starts the sub-agent, waits until its command runs, and then answers (`run` and endings after it) or waits for the
 * sub-agent. A command is work, so a turn with one is not idle: for `idle-timeout` the command ends, and the model is silent.
 */
export function createAgentPlay({ namespace, depth }: AgentKind, ending: Ending): AgentPlay {
  let asked = 0;
  const isIdle = ending === "idle-timeout";
  const leave = `(setsid ${command}1 >/dev/null 2>&1 &); touch mid-turn`;
  const work = (step: number): ModelStep => {
    if (step > 0) return respond(isIdle ? stall() : message("Never asked."));
    return respond(shell(isIdle ? leave : `${leave}; ${command}2`, { yieldTimeMs: 60_000 }));
  };
  const wait = () => respond(functionCall("wait_agent", { timeout_ms: 60_000 }, { namespace }));
  const counted =
    (play: (step: number) => ModelStep) =>
    (step: number): ModelStep => {
      asked += 1;
      return play(step);
    };
  const deep = counted((step) => (step === 0 ? respond(spawn(namespace, "deep")) : wait()));
  const until = "until [ -e mid-turn ]; do sleep 0.02; done";
  const steps = agentScript({
    namespace,
    root: (step, request) => {
      if (step === 1) return respond(shell(until, { yieldTimeMs: 60_000 }));
      if (request.userText === "again" || isOver(ending)) return respond(message('{"ok":true}'));
      return isIdle ? respond(stall()) : waitFor(request.outputs.map(({ text }) => text));
    },
    agent: depth === "deep" ? deep : counted(work),
    grandchild: counted(work),
  });
  /** The older kind of model names the sub-agents that it waits for. */
  function waitFor(outputs: readonly string[]): ModelStep {
    if (namespace === "collaboration") return wait();
    const targets = /[0-9a-f-]{36}/.exec(outputs.join())?.slice(0, 1) ?? [];
    return respond(functionCall("wait_agent", { targets, timeout_ms: 60_000 }, { namespace }));
  }
  return { steps, asked: () => asked };
}

/** The case of a kind of sub-agent and an ending on the model. */
export function agentCase(
  { model: name }: AgentKind,
  ending: Ending,
  { transport, model }: { readonly transport: HostCase["transport"]; readonly model: ScriptedModel },
): HostCase {
  const { config, env } = model.codexOptions({ codexHome: root, env: {} });
  const { CODEX_HOME: _, ...token } = env;
  return {
    transport,
    ending,
    env: token,
    midTurn: "file",
    command,
    limitMs: ending === "idle-timeout" ? 5_000 : 10_000,
    again: transport === "app-server" && goesOn(ending),
    thread: { model: name, sandboxMode: "danger-full-access" },
    codexOptions: { config, allowWritableBinary: isTemporary(root) },
  };
}

/** Whether the turn answers while its sub-agent works. */
function isOver(ending: Ending): boolean {
  return ending === "run" || ending === "leave" || ending === "abort-after";
}

/** Whether the client can run a further turn. */
function goesOn(ending: Ending): boolean {
  const closes = ending.startsWith("close") || ending === "all-at-once" || ending === "leave";
  return !closes && endings.some((each) => each === ending);
}
