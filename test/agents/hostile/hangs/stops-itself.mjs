// Begins a turn and is stopped, so that it gets no signal but SIGKILL.
import { begin } from "../stand-in.mjs";

await begin();
process.kill(process.pid, "SIGSTOP");
