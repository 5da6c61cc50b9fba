#!/usr/bin/env node
import { parse } from "node:path";
import { isatty } from "node:tty";
import type { CliHost } from "./cli-host.js";
import { createEnding, endSignals } from "./ending.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { createPaint } from "./paint.js";
import { OutputClosedError } from "./output-closed-error.js";
import { runCli } from "./run-cli.js";

const { env, stdout, stderr } = process;

const ending = createEnding({
  now: () => performance.now(),
  die: (signal) => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  },
});
for (const signal of endSignals) process.on(signal, () => ending.receive(signal));
// The reader of a pipe may close it at any time. Without a listener that is an uncaught error.
stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code === "EPIPE") return loseOutput(new OutputClosedError(cause), exitCodes.interrupted);
  stderr.write(`codexkit: the output cannot be written: ${cause.message}\n`);
  loseOutput(cause, exitCodes.failed);
});
stderr.on("error", () => undefined);

// Node prints a warning in two lines of its own. `doctor` reports the version itself, and with `--json` stderr has errors only.
const quiet = process.argv.includes("--json") || process.argv[2] === "doctor";
process.removeAllListeners("warning");
process.on("warning", ({ name, message }) => {
  if (name !== "CodexkitWarning") stderr.write(`codexkit: ${name}: ${message}\n`);
  else if (!quiet) stderr.write(`codexkit: warning: ${message}\n`);
});

/** Ends the command without success, even if its work has succeeded, because its output is incomplete. */
function loseOutput(reason: Error, exitCode: ExitCode): void {
  ending.abort(reason);
  process.once("exit", (code) => {
    if (code === exitCodes.ok) process.exitCode = exitCode;
  });
}

const host: CliHost = {
  env,
  cwd: workingDirectory(),
  signal: ending.signal,
  onInterrupt: ending.onInterrupt,
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  paint: createPaint({ isTTY: stdout.isTTY, env }),
  errPaint: createPaint({ isTTY: stderr.isTTY, env }),
  outIsTerminal: stdout.isTTY,
  errTerminal: stderr.isTTY && env["TERM"] !== "dumb" ? stderr : null,
  stdin: { isTerminal: isatty(0), open: () => process.stdin },
};

/** Returns the root if the working directory was removed. Commands that need it report that it is in no git repository. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return parse(process.execPath).root;
  }
}

process.exitCode = await runCli(process.argv.slice(2), host);
