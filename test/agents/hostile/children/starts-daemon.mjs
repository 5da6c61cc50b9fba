// Starts a daemon in a session of its own, completes its turn and ends.
import { answer, beat, begin, complete, nap, startShell } from "../stand-in.mjs";

startShell(`exec ${nap}`, { detached: true });
await begin();
await beat();
answer();
complete();
