// Begins a turn and says nothing more.
import { begin, hang } from "../stand-in.mjs";

await begin();
await hang();
