import type { Scenario } from "../scenario.js";
import { agentScenarios } from "./agents.js";
import { endingScenarios } from "./endings.js";
import { failureScenarios } from "./failures.js";
import { handlerScenarios } from "./handlers.js";
import { messageScenarios } from "./messages.js";
import { serviceScenarios } from "./service.js";
import { threadScenarios } from "./threads.js";
import { workScenarios } from "./work.js";

/** Everything that is recorded, by subject. */
export const scenarios: readonly Scenario[] = [
  ...messageScenarios,
  ...workScenarios,
  ...handlerScenarios,
  ...threadScenarios,
  ...endingScenarios,
  ...failureScenarios,
  ...agentScenarios,
  ...serviceScenarios,
];
