// Answers, and ends with code 0 without an end of the turn.
import { answer, beat, begin } from "../stand-in.mjs";

await begin();
await beat();
answer();
