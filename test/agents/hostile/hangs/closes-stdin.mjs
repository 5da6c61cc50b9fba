// Closes its stdin at once, with the prompt still in it, and then does its work.
import { closeSync } from "node:fs";
import { answer, beat, complete, started } from "../stand-in.mjs";

closeSync(0);
started();
await beat();
answer();
complete();
