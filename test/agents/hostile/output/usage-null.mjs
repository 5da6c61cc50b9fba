// Ends its turn with `usage: null` instead of counts.
import { answer, beat, begin, say } from "../stand-in.mjs";

await begin();
await beat();
answer();
say({ type: "turn.completed", usage: null });
