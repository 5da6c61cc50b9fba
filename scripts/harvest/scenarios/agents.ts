import { allow, match, type ThreadEvent, type TransportName } from "../../../src/index.js";
import { asObject, parseJson } from "../../../src/internal/json.js";
import {
  functionCall,
  message,
  type ModelRequest,
  type ModelStep,
  reasoning,
  respond,
  type ScriptEntry,
  shell,
  stall,
  when,
} from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { answerBegun, commandStarted } from "./endings.js";
import { addition, call } from "./handlers.js";
import { tokens } from "./messages.js";

/** A kind of model, by the tools with which it starts sub-agents. */
interface AgentModel {
  /** The end of its scenarios' names. */
  readonly suffix: string;
  readonly namespace: "multi_agent_v1" | "collaboration";
  readonly model: string;
}

const agentModels: readonly AgentModel[] = [
  { suffix: "", namespace: "multi_agent_v1", model: "gpt-5.5" },
  { suffix: "-code-mode", namespace: "collaboration", model: "gpt-6.1-sol" },
];

/** Work for another agent, with both kinds of models. */
export const agentScenarios: readonly Scenario[] = agentModels.flatMap(toScenarios);

function toScenarios(kind: AgentModel): readonly Scenario[] {
  const { suffix, model } = kind;
  const seen = respond(message("Nothing there.", { id: "msg_agent" }), tokens);
  return [
    {
      name: `sub-agent${suffix}`,
      about: "A sub-agent that is started and waited for.",
      model: () => script(kind, [seen]),
      play: (stage) => stage.turn(stage.startThread({ model }), "Delegate"),
    },
    {
      name: `sub-agent-approval${suffix}`,
      about: "A sub-agent whose command asks to leave the sandbox and is allowed to.",
      transports: ["app-server"],
      model: () => {
        const touch = shell("touch x", { escalate: true, justification: "May I?", callId: "call_touch" });
        return script(kind, [respond(touch, tokens), seen]);
      },
      play: (stage) => {
        const onApproval = match({ kind: "command" }, allow("it is only a file"));
        return stage.turn(stage.startThread({ model, onApproval }), "Delegate");
      },
    },
    {
      name: `sub-agent-tool${suffix}`,
      about: "A sub-agent that calls a tool of the host.",
      model: () => script(kind, [call("add", { a: 1, b: 2 }, { callId: "call_add" }), seen]),
      play: (stage) => stage.turn(stage.startThread({ model, tools: [addition()] }), "Delegate"),
    },
    {
      name: `sub-agent-interrupt${suffix}`,
      about: "A turn that is interrupted while a command of its sub-agent runs; the thread goes on.",
      model: () => [
        when(({ userText }) => userText === "Go on", respond(message("Second.", { id: "msg_second" }), tokens)),
        when(isAgent, respond(shell("touch begun; sleep 30", { callId: "call_sleep" }), tokens)),
        respond(spawn(kind), tokens),
        respond(shell("until [ -e begun ]; do sleep 0.02; done", { callId: "call_until" }), tokens),
        respond(reasoning("Hm."), message("It takes", { deltas: ["It ", stall(), "takes"] })),
      ],
      play: async (stage) => {
        const thread = stage.startThread({ model, sandboxMode: "workspace-write" });
        await stage.turn(thread, "Delegate", {
          options: { agentEvents: true },
          at: createWorkBegun(stage.transport),
          act: (turn) => turn.interrupt(),
        });
        await stage.turn(thread, "Go on");
      },
    },
    {
      name: `sub-agent-resume${suffix}`,
      about: "A sub-agent that gets another task after its thread was resumed by another process.",
      model: () => [
        when(isAgent, seen, respond(message("Still nothing.", { id: "msg_again" }), tokens)),
        ...delegation(kind),
        ...furtherTask(kind),
      ],
      play: async (stage) => {
        const thread = stage.startThread({ model });
        await stage.turn(thread, "Delegate");
        await stage.reopen();
        await stage.turn(stage.codex.resumeThread(thread.toJSON(), { model }), "Delegate again");
      },
    },
  ];
}

/** The model waits for the sub-agent, because the order of their ends would otherwise be random. */
function script(kind: AgentModel, agent: readonly AgentStep[]): readonly ScriptEntry[] {
  return [when(isAgent, ...agent), ...delegation(kind)];
}

type AgentStep = ModelStep | ((request: ModelRequest) => ModelStep);

/** The steps of a turn that starts a sub-agent and waits for it. */
function delegation(kind: AgentModel): readonly AgentStep[] {
  return [
    respond(spawn(kind), tokens),
    (request) => respond(wait(kind, { callId: "call_wait", request }), tokens),
    respond(message("Done.", { id: "msg_done" }), tokens),
  ];
}

/** The steps of a turn that sends another task to the sub-agent of an earlier process, and waits for it. */
function furtherTask(kind: AgentModel): readonly AgentStep[] {
  const { namespace } = kind;
  const step =
    (name: string, callId: string, args: (id: string) => Parameters<typeof functionCall>[1]) =>
    (request: ModelRequest): ModelStep =>
      respond(functionCall(name, args(agentId(request)), { callId, namespace }), tokens);
  const given =
    namespace === "collaboration"
      ? [step("followup_task", "call_task", () => ({ target: "look", message: "Look again" }))]
      : [
          step("resume_agent", "call_resume", (id) => ({ id })),
          step("send_input", "call_task", (id) => ({ target: id, message: "Look again" })),
        ];
  return [
    ...given,
    (request) => respond(wait(kind, { callId: "call_wait_again", request }), tokens),
    respond(message("Done again.", { id: "msg_done_again" }), tokens),
  ];
}

function spawn({ namespace }: AgentModel) {
  const task = namespace === "collaboration" ? { task_name: "look" } : {};
  return functionCall("spawn_agent", { message: "Look around", ...task }, { callId: "call_spawn", namespace });
}

function wait(
  { namespace }: AgentModel,
  { callId, request }: { readonly callId: string; readonly request: ModelRequest },
) {
  const targets = namespace === "collaboration" ? {} : { targets: [agentId(request)] };
  return functionCall("wait_agent", { ...targets, timeout_ms: 20_000 }, { callId, namespace });
}

/** The older kind of model names its sub-agents by their ids, which it receives when they start. */
function agentId(request: ModelRequest): string {
  return /[0-9a-f-]{36}/.exec(request.output("call_spawn") ?? "")?.[0] ?? "";
}

function isAgent({ headers }: ModelRequest): boolean {
  return asObject(parseJson(headers["x-codex-turn-metadata"] ?? "{}"))["parent_thread_id"] !== undefined;
}

/** Returns a test of events: true once the answer of the turn has begun, and the command of its sub-agent. */
function createWorkBegun(transport: TransportName): (event: ThreadEvent) => boolean {
  const isAnswer = answerBegun(transport);
  let answer = false;
  let command = transport === "exec";
  return (event) => {
    answer ||= isAnswer(event);
    command ||= event.type === "codexkit.agent.event" && commandStarted(event.event);
    return answer && command;
  };
}
