import { OptionError } from "../../errors/option-error.js";

/** The error for a glob. `problem` continues the sentence that begins with the glob. */
export function globError(option: string, glob: string, problem: string): OptionError {
  return new OptionError("INVALID_OPTION", option, `The glob ${JSON.stringify(glob.slice(0, 80))} ${problem}.`);
}
