// Begins a turn, writes half a line and ends with code 0.
import { beat, begin, write } from "../stand-in.mjs";

await begin();
await beat();
write('{"type":"item.completed","item":{"id":"item_0","type":"agent_me');
