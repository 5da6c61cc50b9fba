import type { ProcessPart } from "../script/fake-parts.js";
import type { RelayProcess, SignalReaction } from "./relay-process.js";

/** What a faked process does not react to: the end of its stdin, or a signal. */
export type Ignored = "stdinEnd" | NodeJS.Signals;

/** Lets a process do what a part says. After `die` it resolves when the process is gone. */
export async function performPart(process: RelayProcess, part: ProcessPart): Promise<void> {
  switch (part.type) {
    case "stdout":
      return process.writeStdout(part.data);
    case "stderr":
      return process.writeStderr(part.text);
    case "closeStdout":
      return process.closeStdout();
    case "die":
      return await (part.signal === undefined ? process.exit(part.code) : process.kill(part.signal));
  }
}

/** The reactions to signals: the ignored ones, and those that the double wants to hear of unless they are ignored. */
export function signalReactions(
  ignored: readonly Ignored[],
  reported: readonly NodeJS.Signals[],
): Record<string, SignalReaction> {
  const signals = ignored.filter((name) => name !== "stdinEnd");
  return Object.fromEntries([
    ...reported.map((signal): [string, SignalReaction] => [signal, "report"]),
    ...signals.map((signal): [string, SignalReaction] => [signal, "ignore"]),
  ]);
}
