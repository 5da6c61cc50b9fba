// Ends its turn twice.
import { answer, beat, begin, complete } from "../stand-in.mjs";

await begin();
await beat();
answer();
complete();
complete();
