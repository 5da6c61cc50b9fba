import { functionCall, message, respond, when } from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { tokens } from "./messages.js";

/** Work for another agent. The model waits for it, because the order of their ends would otherwise be random. */
export const agentScenarios: readonly Scenario[] = [
  {
    name: "sub-agent",
    about: "A sub-agent that is started and waited for.",
    model: () => [
      when("Look around", respond(message("Nothing there.", { id: "msg_agent" }), tokens)),
      respond(
        functionCall("spawn_agent", { message: "Look around" }, { callId: "call_spawn", namespace: "multi_agent_v1" }),
        tokens,
      ),
      ({ outputs }) => {
        const targets = /[0-9a-f-]{36}/.exec(outputs.at(-1)?.text ?? "");
        const wait = { targets: [targets?.[0] ?? ""], timeout_ms: 20_000 };
        return respond(functionCall("wait_agent", wait, { callId: "call_wait", namespace: "multi_agent_v1" }), tokens);
      },
      respond(message("Done.", { id: "msg_done" }), tokens),
    ],
    play: (stage) => stage.turn(stage.startThread(), "Delegate"),
  },
  {
    name: "sub-agent-code-mode",
    about: "A sub-agent of the newer kind of model.",
    model: () => [
      // The history of the sub-agent contains the call that started it, which has no output yet.
      when(
        ({ outputs }) => outputs.at(-1)?.text === "aborted",
        respond(message("Nothing there.", { id: "msg_agent" }), tokens),
      ),
      respond(
        functionCall(
          "spawn_agent",
          { message: "Look around", task_name: "look" },
          { callId: "call_spawn", namespace: "collaboration" },
        ),
        tokens,
      ),
      respond(
        functionCall("wait_agent", { timeout_ms: 20_000 }, { callId: "call_wait", namespace: "collaboration" }),
        tokens,
      ),
      respond(message("Done.", { id: "msg_done" }), tokens),
    ],
    play: (stage) => stage.turn(stage.startThread({ model: "gpt-6.1-sol" }), "Delegate"),
  },
];
