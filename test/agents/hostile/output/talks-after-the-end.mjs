// Sends further events after its turn has ended, and keeps running.
import { answer, beat, begin, complete, hang, say } from "../stand-in.mjs";

await begin();
await beat();
answer();
complete();
for (let count = 0; count < 1_000; count += 1) {
  say({ type: "item.completed", item: { id: `late_${String(count)}`, type: "agent_message", text: "too late" } });
}
say({ type: "turn.failed", error: { message: "too late" } });
await hang();
