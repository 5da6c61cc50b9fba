import { isJsonObject, type JsonObject, parseJson } from "../../../src/internal/json.js";
import {
  functionCall,
  message,
  type ModelRequest,
  type ModelStep,
  repeat,
  respond,
  usage,
} from "../../../src/testing/index.js";

/** The two ways in which models start sub-agents, and a model of each. */
export const agentKinds = [
  ["collaboration", "gpt-6.1-sol"],
  ["multi_agent_v1", "gpt-5.5"],
] as const;

export type AgentNamespace = (typeof agentKinds)[number][0];

/** The next response of one thread. `step` counts its requests from 0. */
type Play = (step: number, request: ModelRequest) => ModelStep | Promise<ModelStep>;

export interface AgentScript {
  readonly namespace: AgentNamespace;
  /** Further arguments of the call that starts the agent. */
  readonly fork?: JsonObject;
  /** The turn itself, after the request that starts the agent. Default: it waits for the agent, then is done. */
  readonly root?: Play;
  readonly agent: Play;
  /** An agent that the agent has started. */
  readonly grandchild?: Play;
}

/** The tokens of every request of a scripted agent turn. */
export const tokens = usage({ input: 100, cached: 40, output: 20, reasoning: 6 });

/** The script of any number of turns, each of which starts an agent with its first request. */
export function agentScript({
  namespace,
  fork = {},
  root = waitThenDone(namespace),
  agent,
  grandchild = done,
}: AgentScript) {
  const steps = new Map<string, number>();
  const parents = new Map<string, string | null>();
  const depthOf = (id: string): number => {
    const parent = parents.get(id) ?? null;
    return parent === null ? 0 : 1 + depthOf(parent);
  };
  return [
    repeat((request: ModelRequest) => {
      const id = request.threadId ?? "";
      const step = steps.get(id) ?? 0;
      steps.set(id, step + 1);
      parents.set(id, parentOf(request));
      const depth = depthOf(id);
      if (depth === 0) return step === 0 ? respond(spawn(namespace, "kid", fork), tokens) : root(step, request);
      return (depth === 1 ? agent : grandchild)(step, request);
    }),
  ];
}

/** The call that starts an agent. */
export function spawn(namespace: AgentNamespace, name: string, fork: JsonObject = {}) {
  const task = namespace === "collaboration" ? { task_name: name } : {};
  return functionCall("spawn_agent", { message: `Look around as ${name}`, ...task, ...fork }, { namespace });
}

const done: Play = () => respond(message("Done."), tokens);

function waitThenDone(namespace: AgentNamespace): Play {
  return (step, request) => {
    if (step > 1) return respond(message("Done."), tokens);
    const target = /[0-9a-f-]{36}/.exec(request.outputs.at(-1)?.text ?? "")?.[0];
    const targets = namespace === "collaboration" ? {} : { targets: [target ?? ""] };
    return respond(functionCall("wait_agent", { ...targets, timeout_ms: 30_000 }, { namespace }), tokens);
  };
}

function parentOf({ headers }: ModelRequest): string | null {
  const metadata = parseJson(headers["x-codex-turn-metadata"] ?? "{}");
  const parent = isJsonObject(metadata) ? metadata["parent_thread_id"] : null;
  return typeof parent === "string" ? parent : null;
}
