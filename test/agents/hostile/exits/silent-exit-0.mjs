// Reads its prompt, writes nothing and ends with code 0.
import { beat, midTurn, readPrompt } from "../stand-in.mjs";

await readPrompt();
midTurn();
await beat();
