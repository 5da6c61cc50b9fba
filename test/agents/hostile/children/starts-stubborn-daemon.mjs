// Starts a daemon that ignores SIGTERM in a session of its own, completes its turn and ends.
import { answer, beat, begin, complete, startShell } from "../stand-in.mjs";

startShell("trap '' INT TERM HUP; while :; do sleep 1; done", { detached: true });
await begin();
await beat();
answer();
complete();
