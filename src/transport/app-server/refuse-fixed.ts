import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import type { ThreadOptions } from "../options.js";
import { threadOptionsTable } from "../options-table.js";

/** What a loaded thread cannot take any more: codex reads it once, when the thread is started or resumed. */
export function refuseFixed(before: ThreadOptions, after: ThreadOptions): void {
  for (const [name, row] of Object.entries(threadOptionsTable)) {
    if (row.appServerTurn !== "not offered" || row.appServerThread === "local") continue;
    if (JSON.stringify(valueOf(before, name)) === JSON.stringify(valueOf(after, name))) continue;
    const advice = "codex reads it when a thread is started or resumed: resume the thread with it.";
    throw new UnsupportedFeatureError(`Updating \`${name}\` of a running thread`, "app-server", advice);
  }
}

function valueOf(options: ThreadOptions, name: string): unknown {
  return Object.entries(options).find(([key]) => key === name)?.[1];
}
