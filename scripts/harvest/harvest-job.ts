import type { TransportName } from "../../src/index.js";
import { CliError } from "../../src/cli/cli-error.js";
import type { HarvestOptions } from "./harvest-options.js";
import type { Scenario } from "./scenario.js";
import { scenarios } from "./scenarios/index.js";

/** One scenario on one transport. */
export interface Job {
  readonly scenario: Scenario;
  readonly transport: TransportName;
}

/** Returns the jobs that the options select. Throws a `CliError` for an unknown scenario. */
export function selectJobs({ scenario: names = [], transport }: HarvestOptions): Job[] {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    throw new CliError("usage", `There is no scenario ${unknown.map((name) => `"${name}"`).join(", ")}.`, {
      advice: `There are: ${scenarios.map(({ name }) => name).join(", ")}.`,
    });
  }
  return scenarios
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .flatMap((scenario) => (scenario.transports ?? transports).map((on): Job => ({ scenario, transport: on })))
    .filter((job) => transport === undefined || job.transport === transport);
}

const transports = ["app-server", "exec"] as const;

export function nameOf({ scenario, transport }: Job): string {
  return `${transport}/${scenario.name}`;
}
