// Fails its turn and ends with code 1, as codex does.
import { beat, begin, say } from "../stand-in.mjs";

await begin();
await beat();
say({ type: "error", message: "You've hit your usage limit." });
say({ type: "turn.failed", error: { message: "You've hit your usage limit." } });
process.exitCode = 1;
