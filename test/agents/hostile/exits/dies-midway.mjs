// Ends with code 9 in the middle of a turn.
import { beat, begin, say } from "../stand-in.mjs";

await begin();
say({
  type: "item.started",
  item: { id: "item_0", type: "command_execution", command: "make", status: "in_progress" },
});
await beat();
process.exit(9);
