// Begins a turn, closes its stdout and keeps running.
import { closeSync } from "node:fs";
import { beat, begin, hang } from "../stand-in.mjs";

await begin();
await beat();
closeSync(1);
await hang();
