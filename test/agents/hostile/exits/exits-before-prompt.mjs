// Ends with code 3 before it has read anything of its prompt, and says why on stderr.
import { beat, midTurn, write } from "../stand-in.mjs";

midTurn();
await beat();
write("Error: no more luck\n", 2);
process.exitCode = 3;
