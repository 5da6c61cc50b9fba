// Writes a bare `null` in the middle.
import { answer, beat, begin, complete, write } from "../stand-in.mjs";

await begin();
write("null\n");
await beat();
answer();
write("null\n");
complete();
