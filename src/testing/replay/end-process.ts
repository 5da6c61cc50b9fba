import { constants } from "node:os";
import type { RelayProcess } from "../relay/relay-process.js";

/** Ends a process as it ended in the recording. Resolves when it is gone. */
export async function endProcess(
  process: RelayProcess,
  { code, signal }: { readonly code: number | null; readonly signal: string | null },
): Promise<void> {
  if (process.gone.aborted) return;
  await (signal !== null && isSignal(signal) ? process.kill(signal) : process.exit(code ?? 1));
}

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}
