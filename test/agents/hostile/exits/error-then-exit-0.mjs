// Sends an `error` event and ends with code 0, without an end of the turn.
import { beat, begin, say } from "../stand-in.mjs";

await begin();
await beat();
say({ type: "error", message: "the model is out of order" });
