import type { CliHost } from "../../src/cli/cli-host.js";

/** The parts of its process that the harvest uses. */
export type HarvestHost = Pick<CliHost, "cwd" | "env" | "err" | "out" | "paint" | "signal">;
