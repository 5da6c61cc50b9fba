#!/usr/bin/env node
import type { CliHost } from "./cli-host.js";
import { createPaint } from "./paint.js";
import { runCli } from "./run-cli.js";

const interrupt = new AbortController();
// Only the first signal asks: whoever sends a second one wants the process gone.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => interrupt.abort(new Error(`ended by ${signal}`)));
}
// The reader of a pipe may leave at any time; without a listener that would be an uncaught error.
process.stdout.on("error", (cause) => interrupt.abort(new Error("nobody reads the output", { cause })));
process.stderr.on("error", () => undefined);

const host: CliHost = {
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  paint: createPaint({ isTTY: process.stdout.isTTY, env: process.env }),
};

process.exitCode = await runCli(process.argv.slice(2), host);
