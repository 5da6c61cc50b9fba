// Ends with code 3 before it has read any of its prompt, and writes the reason to stderr.
import { beat, midTurn, write } from "../stand-in.mjs";

midTurn();
await beat();
write("Error: no more luck\n", 2);
process.exitCode = 3;
