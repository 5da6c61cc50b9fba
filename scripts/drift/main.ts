// `npm run drift`: compares two versions of codex. `-- --help` lists the options.
import { drift } from "./drift.js";

// codexkit warns of versions outside its window, which are compared here on purpose.
process.removeAllListeners("warning");

const exitCode = await drift(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
// A probe that was given up may still wait for something.
process.stdout.write("", () => process.exit(exitCode));
