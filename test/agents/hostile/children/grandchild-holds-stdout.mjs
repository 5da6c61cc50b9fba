// Completes its turn and ends, while a process that it started keeps its stdout open.
import { answer, begin, complete, nap, startShell } from "../stand-in.mjs";

startShell(`exec ${nap}`, { stdout: true });
await begin();
answer();
complete();
process.exit(0);
