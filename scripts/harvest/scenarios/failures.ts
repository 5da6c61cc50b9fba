import {
  cut,
  fail,
  failResponse,
  incomplete,
  message,
  respond,
  shell,
  type ScriptEntry,
} from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { oneTurn, tokens } from "./messages.js";

/** Turns that fail because of the model's service, its stream, or the death of codex. */
export const failureScenarios: readonly Scenario[] = [
  failing("400", "A request that the service refuses.", refusal(400, "bad_request")),
  failing("401", "A key that the service does not know.", refusal(401, "invalid_api_key")),
  failing("429", "Too many requests.", refusal(429, "slow_down")),
  failing("usage-limit", "A plan whose limit is reached.", usageLimit()),
  failing("500", "A service that broke.", refusal(500, "internal")),
  failing("503-overloaded", "A service that has no room.", refusal(503, "server_is_overloaded")),
  failing("context-window", "A context that is full.", failResponse("context_length_exceeded", "too long")),
  failing("incomplete", "An answer that is cut short.", incomplete("max_output_tokens", message("half"))),
  failing(
    "stream-cut",
    "A stream that is cut in mid-answer.",
    cut(message("half an", { deltas: 4, unfinished: true })),
  ),
  {
    name: "failure-after-work",
    about: "A turn that fails after its first command.",
    model: () => [respond(message("I begin."), shell("echo kept"), tokens), refusal(500, "internal")],
    play: oneTurn("Work"),
  },
  {
    name: "killed",
    about: "A codex that is killed while a command runs.",
    model: () => [respond(shell("sleep 30"), tokens)],
    play: (stage) =>
      stage.turn(stage.startThread(), "Wait", {
        at: (event) => event.type === "item.started" && event.item.type === "commandExecution",
        act: () => stage.kill(),
      }),
  },
  {
    name: "no-key",
    about: "A provider whose key is not in the environment.",
    config: { "model_providers.scripted.env_key": "CODEXKIT_NOT_THERE" },
    model: () => [],
    play: oneTurn("Work"),
  },
];

function failing(name: string, about: string, step: ScriptEntry): Scenario {
  return { name: `failure-${name}`, about, model: () => [step], play: oneTurn("Work") };
}

function refusal(status: number, code: string): ScriptEntry {
  return fail(status, { error: { code, type: "invalid_request_error", message: `The service says ${code}.` } });
}

function usageLimit(): ScriptEntry {
  return fail(429, { error: { type: "usage_limit_reached", message: "x", resets_at: 1_900_000_000 } });
}
