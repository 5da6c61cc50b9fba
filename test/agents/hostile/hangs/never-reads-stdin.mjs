// Does its work and ends, without having read any of its prompt.
import { answer, beat, complete, started } from "../stand-in.mjs";

started();
await beat();
answer();
complete();
