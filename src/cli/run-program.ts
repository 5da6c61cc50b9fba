import { execFile } from "node:child_process";

export interface RunProgramOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Milliseconds after which the program is killed. */
  readonly timeoutMs: number;
}

export interface ProgramResult {
  /** Null if a signal or the time limit ended the program. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const maxOutputBytes = 16 * 1024 * 1024;

/** Runs a program to its end, without a shell. Rejects if it cannot be started or if `signal` aborts. */
export function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env, signal, timeoutMs }: RunProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...env }, signal, timeout: timeoutMs, maxBuffer: maxOutputBytes, windowsHide: true };
    execFile(file, args, { ...options, encoding: "utf8" }, (error, stdout, stderr) => {
      const code: unknown = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ exitCode: code, stdout, stderr });
      else if (error !== null && error.killed === true && !signal.aborted) resolve({ exitCode: null, stdout, stderr });
      else reject(error ?? new Error(`${file} ended without a code`));
    });
  });
}
