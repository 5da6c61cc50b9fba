// `npm run harvest`: test/fixtures/wire/ from the real codex binary and a scripted model. `-- --check` compares, `-- --help`
// lists the options.
import { createPaint } from "../../src/cli/paint.js";
import { harvest } from "./harvest.js";

const { env, stdout, stderr } = process;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
}

process.exitCode = await harvest(process.argv.slice(2), {
  env,
  cwd: process.cwd(),
  signal: stop.signal,
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  paint: createPaint({ isTTY: stdout.isTTY, env }),
});
