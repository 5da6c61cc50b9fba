// Starts a daemon whose parents are gone, completes its turn and ends.
import { answer, beat, begin, complete, nap, startShell } from "../stand-in.mjs";

startShell(`(setsid bash -c "trap '' TERM; ${nap} & ${nap}" $0 &)`, { detached: true });
await begin();
await beat();
answer();
complete();
