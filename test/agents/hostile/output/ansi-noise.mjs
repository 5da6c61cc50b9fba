// Writes colours, cursor moves and a progress line into its events' stream.
import { answer, beat, begin, complete, write } from "../stand-in.mjs";

write("\u001b[2J\u001b[H\u001b[31mwarning\u001b[0m: colours are on\r\n");
await begin();
write("\u001b]0;codex\u0007\u001b[1A\u001b[2Kworking 10%\rworking 20%\r\n");
await beat();
answer();
write("\u001b[0m\n");
complete();
