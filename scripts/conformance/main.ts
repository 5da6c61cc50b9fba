// `npm run conformance`: plays every probe on one or several versions of codex. `-- --help` lists the options.
import { conformance } from "./conformance.js";

// codexkit warns of versions outside its window, which are played here on purpose.
process.removeAllListeners("warning");

const exitCode = await conformance(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
// A probe that was given up may still wait for something.
process.stdout.write("", () => process.exit(exitCode));
