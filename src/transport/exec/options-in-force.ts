import type { ThreadOptions } from "../options/options.js";
import type { TurnSpec } from "../transport.js";

interface ExecOptions {
  readonly options: ThreadOptions;
  readonly spec: TurnSpec;
}

/** Returns the thread's options, overridden by those of the turn. Trust in the thread's folder does not extend to another one. */
export function optionsInForce({ options, spec }: ExecOptions): ThreadOptions {
  const { workingDirectory = options.workingDirectory } = spec.options;
  const trustProject = options.trustProject === true && workingDirectory === options.workingDirectory;
  return { ...options, ...spec.options, trustProject };
}
