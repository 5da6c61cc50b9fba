import type { Probe } from "../probe.js";
import { agentProbes } from "./agents.js";
import { approvalProbes } from "./approvals.js";
import { commandLineProbes } from "./command-line.js";
import { endingProbes } from "./endings.js";
import { failureProbes } from "./failures.js";
import { keyProbes } from "./keys.js";
import { requestProbes } from "./requests.js";
import { serviceProbes } from "./service.js";
import { threadProbes } from "./threads.js";
import { toolProbes } from "./tools.js";
import { turnProbes } from "./turns.js";
import { workProbes } from "./work.js";

/** Every probe, in the order of the table of versions and features. */
export const probes: readonly Probe[] = [
  ...turnProbes,
  ...workProbes,
  ...threadProbes,
  ...toolProbes,
  ...approvalProbes,
  ...endingProbes,
  ...keyProbes,
  ...failureProbes,
  ...agentProbes,
  ...serviceProbes,
  ...requestProbes,
  ...commandLineProbes,
];
