import type { JsonObject } from "../../../src/internal/json.js";
import { functionCall, message, type ModelRequest, type ModelStep, respond } from "../../../src/testing/index.js";
import { type AgentNamespace, tokens } from "./agent-script.js";

/** The id of the agent, which the call that started it returned. */
const idOf = ({ outputs }: ModelRequest) =>
  /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(outputs.map(({ text }) => text).join())?.[0] ?? "";

/**
 * The turns themselves, with the prompts `Delegate`, `Again` and `Once more`: each waits for the agent, which gets another task after the first. With
 * `ended`, the later turns wait for this promise instead: codex's own wait does not end with an interrupted agent.
 */
export function createRoot(namespace: AgentNamespace, ended?: Promise<unknown>) {
  const left = new Map<string, ModelStep[]>();
  const call = (name: string, args: JsonObject) => respond(functionCall(name, args, { namespace }), tokens);
  const further = (id: string) =>
    namespace === "collaboration"
      ? [call("followup_task", { target: "kid", message: "Look again" })]
      : [call("resume_agent", { id }), call("send_input", { target: id, message: "Look again" })];
  return async (_: number, request: ModelRequest): Promise<ModelStep> => {
    const prompt = prompts.filter((each) => request.userTexts.includes(each)).at(-1) ?? "";
    const id = idOf(request);
    const targets = namespace === "collaboration" ? {} : { targets: [id] };
    const wait = call("wait_agent", { ...targets, timeout_ms: 30_000 });
    const isFirst = prompt === prompts[0];
    const steps = left.get(prompt) ?? [
      ...(isFirst ? [] : further(id)),
      ...(isFirst || ended === undefined ? [wait] : []),
    ];
    left.set(prompt, steps);
    const step = steps.shift();
    if (step === undefined && !isFirst) await ended;
    return step ?? respond(message("Done."), tokens);
  };
}

const prompts = ["Delegate", "Again", "Once more"];
