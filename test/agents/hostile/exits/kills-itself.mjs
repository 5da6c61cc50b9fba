// Is killed by SIGKILL in the middle of a turn, as the system does when memory runs out.
import { beat, begin } from "../stand-in.mjs";

await begin();
await beat();
process.kill(process.pid, "SIGKILL");
