// Begins a turn, never ends it, and ignores SIGINT, SIGTERM and SIGHUP. The processes that it starts ignore them, too.
import { begin, hang, ignoreSignals, startShell } from "../stand-in.mjs";

ignoreSignals();
startShell("trap '' INT TERM HUP; while :; do sleep 1; done");
await begin();
await hang();
