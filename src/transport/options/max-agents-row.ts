import { layConfig } from "../config/flatten-config.js";
import { isCount } from "./option-checks.js";
import type { OptionRow } from "./option-wires.js";

export const maxAgentsRow: OptionRow<number> = {
  summary: "The most sub-agents that work at one time; 0 switches sub-agents off",
  values: "integer from 0 (default: that of codex)",
  levels: ["thread"],
  check: isCount,
  appServerThread: {
    as: "`config.agents`",
    put: (value, draft) => layConfig(draft.config, agentConfig(value)),
  },
  appServerTurn: "not offered",
  exec: {
    as: "`--config agents.…`",
    put: (value, draft) => {
      Object.assign(draft.managed, agentConfig(value));
    },
  },
  onResume: "always",
};

/** Codex refuses a maximum of 0. Both kinds of model apply these keys; `features.multi_agent` only affects the older kind. */
function agentConfig(maxAgents: number): Record<string, boolean | number> {
  return maxAgents === 0 ? { "agents.enabled": false } : { "agents.max_concurrent_threads_per_session": maxAgents };
}
