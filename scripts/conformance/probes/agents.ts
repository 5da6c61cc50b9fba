import type { TransportName } from "../../../src/index.js";
import { asObject, parseJson } from "../../../src/internal/json.js";
import {
  functionCall,
  message,
  type ModelRequest,
  type ModelStep,
  respond,
  type ScriptEntry,
  shell,
  stall,
  when,
} from "../../../src/testing/index.js";
import { observe } from "../observe.js";
import type { Probe } from "../probe.js";

/** The two kinds of models, by the tools with which they start sub-agents. */
const kinds = [
  { name: "v1", namespace: "multi_agent_v1", model: "gpt-5.5" },
  { name: "code-mode", namespace: "collaboration", model: "gpt-6.1-sol" },
] as const;

type Kind = (typeof kinds)[number];

const isAgent = ({ headers }: ModelRequest): boolean =>
  asObject(parseJson(headers["x-codex-turn-metadata"] ?? "{}"))["parent_thread_id"] !== undefined;

/** A turn that starts a sub-agent and waits for it. */
function delegation({ namespace }: Kind, agent: readonly ModelStep[]): ScriptEntry[] {
  const task = namespace === "collaboration" ? { task_name: "look" } : {};
  const wait = (request: ModelRequest): ModelStep => {
    const id = /[0-9a-f-]{36}/.exec(request.output("spawn") ?? "")?.[0] ?? "";
    const targets = namespace === "collaboration" ? {} : { targets: [id] };
    return respond(functionCall("wait_agent", { ...targets, timeout_ms: 15_000 }, { callId: "wait", namespace }));
  };
  return [
    when(isAgent, ...agent),
    respond(functionCall("spawn_agent", { message: "Look around", ...task }, { callId: "spawn", namespace })),
    wait,
    respond(message("Done.")),
  ];
}

const touch = shell("touch made", { escalate: true, justification: "May I?" });

/** Sub-agents, with both kinds of models. */
export const agentProbes: readonly Probe[] = kinds.flatMap((kind): Probe[] => [
  {
    id: `agent.${kind.name}`,
    feature: "sub-agents",
    model: () => delegation(kind, [respond(message("Nothing there."))]),
    play: async (stage) => {
      const seen = await observe(stage.thread({ model: kind.model }).runStreamed("Delegate"));
      const agents = stage.model.requests.filter(isAgent).length;
      return { status: seen.status, answer: seen.finalResponse, agents, kinds: seen.kinds };
    },
    expected: (transport: TransportName) => ({
      status: "completed",
      answer: "Done.",
      agents: 1,
      ...(transport === "exec" ? {} : { kinds: /codexkit\.agent\.started.*codexkit\.agent\.completed/ }),
    }),
  },
  {
    id: `agent.${kind.name}.approval`,
    feature: "sub-agents",
    transports: ["app-server"],
    model: () => delegation(kind, [respond(touch), respond(message("Seen."))]),
    play: async (stage) => {
      const asked: unknown[] = [];
      const thread = stage.thread({
        model: kind.model,
        onApproval: (request) => {
          asked.push({ kind: request.kind, parent: request.parentThreadId === thread.id });
          return { decision: "accept" };
        },
      });
      await observe(thread.runStreamed("Delegate"));
      return asked;
    },
    expected: [{ kind: "command", parent: true }],
  },
  {
    id: `agent.${kind.name}.interrupt`,
    feature: "sub-agents",
    transports: ["app-server"],
    model: () => delegation(kind, [respond(message("It takes", { deltas: ["It ", stall(), "takes"] }))]),
    play: async (stage) => {
      const thread = stage.thread({ model: kind.model });
      const turn = thread.runStreamed("Delegate");
      const seen = observe(turn);
      await stage.until("the agent's request", () => stage.model.requests.some(isAgent));
      await turn.interrupt();
      return (await seen).status;
    },
    expected: "interrupted",
  },
]);
