// Its last line has no line end.
import { answer, beat, begin, completedLine, write } from "../stand-in.mjs";

await begin();
await beat();
answer();
write(completedLine);
