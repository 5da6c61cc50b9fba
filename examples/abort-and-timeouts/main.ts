// Shows four ways to end a turn early. Each also ends the commands of the turn, keeps its work, and leaves the thread
// usable.
//   npx tsx examples/abort-and-timeouts/main.ts
import { Codex, partialResultOf } from "codexkit";

const longTask = "Read every file of this project, one after the other, and describe each in ten sentences.";

await using codex = new Codex();
const thread = codex.startThread();

// 1. A limit for the whole turn. `idleTimeoutMs` limits silence, and is paused while a command runs.
await thread.run(longTask, { timeoutMs: 2_000 }).catch(tell("timeoutMs"));

// 2. A signal: a cancelled request, a button, a deadline shared with other work.
await thread.run(longTask, { signal: AbortSignal.timeout(2_000) }).catch(tell("signal"));

// 3. Leaving the loop.
const left = thread.runStreamed(longTask);
for await (const event of left) if (event.type === "item.agentMessage.delta") break;
console.log("break:", (await left.result()).status);

// 4. From outside the loop.
const turn = await thread.runStreamed(longTask).start();
await turn.interrupt();
console.log("interrupt:", (await turn.result()).status);

const { finalResponse } = await thread.run("Never mind. What is 6 times 7?");
console.log("after all that:", finalResponse);

function tell(way: string) {
  return (error: unknown) => {
    console.log(`${way}: ${String(error)} (${partialResultOf(error)?.items.length ?? 0} items done)`);
  };
}
