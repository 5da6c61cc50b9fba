// Begins a turn and writes nothing more.
import { begin, hang } from "../stand-in.mjs";

await begin();
await hang();
