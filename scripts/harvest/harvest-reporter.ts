import type { HarvestHost } from "./harvest-host.js";
import type { HarvestOptions } from "./harvest-options.js";

/** The result of one scenario on one transport. */
export interface HarvestLine {
  readonly fixture: string;
  readonly round: number;
  readonly status: "harvested" | "same" | "differs" | "new" | "broken";
  readonly ms: number;
  readonly detail?: string;
}

/** Reports the progress of a harvest. */
export interface HarvestReporter {
  line(line: HarvestLine): void;
  /** Reports the result. Returns false if a scenario failed. */
  end(): boolean;
}

export function createHarvestReporter(
  { json, check }: Pick<HarvestOptions, "json" | "check">,
  host: HarvestHost,
): HarvestReporter {
  const lines: HarvestLine[] = [];
  const print = (value: object): void => host.out(`${JSON.stringify(value)}\n`);
  return {
    line(line) {
      lines.push(line);
      if (json) print({ type: "codexkit.harvest.fixture", ...line });
      else host.out(render(line, host));
    },
    end() {
      const bad = lines.filter(({ status }) => status !== "harvested" && status !== "same").length;
      const count = { fixtures: lines.length, bad };
      if (json) print({ type: "codexkit.harvest.result", ok: bad === 0, ...count });
      else
        host.out(
          check ? `${lines.length - bad} of ${lines.length} fixtures are unchanged.\n` : `${lines.length} harvested.\n`,
        );
      if (bad > 0) host.err(advice);
      return bad === 0;
    },
  };
}

const advice = "If codex has changed on purpose, run `npm run harvest` without --check and review the diff.\n";

function render({ fixture, status, ms, detail }: HarvestLine, { paint }: HarvestHost): string {
  const good = status === "harvested" || status === "same";
  const more = detail === undefined ? "" : `\n${detail.replaceAll(/^/gm, "    ")}`;
  return `${paint(good ? "green" : "red", status.padEnd(9))} ${fixture}${ms === 0 ? "" : ` (${ms} ms)`}${more}\n`;
}
