// Ends with code 0 without having ended its turn, while a process that it started keeps its stdout open.
import { beat, begin, nap, startShell } from "../stand-in.mjs";

startShell(`exec ${nap}`, { stdout: true });
await begin();
await beat();
process.exit(0);
