import { type Command, CommanderError } from "commander";

/** Runs a command of the repository. Returns its exit code: that of `action`, 2 for wrong usage, 3 if it throws. */
export async function runCommand(program: Command, args: readonly string[], command: Runnable): Promise<number> {
  let exitCode = 0;
  program.action(async (options: object) => {
    exitCode = await command.action(options);
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    command.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
}

interface Runnable {
  /** Receives the parsed options, in the form that the program declares. */
  action(options: object): Promise<number>;
  readonly err: (text: string) => void;
}
