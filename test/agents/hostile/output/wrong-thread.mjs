// Is told to resume a thread and goes on with another one.
import { answer, beat, complete, readPrompt, say } from "../stand-in.mjs";

await readPrompt();
say({ type: "thread.started", thread_id: "01a2b3c4-9999-7000-8000-999999999999" });
say({ type: "turn.started" });
await beat();
answer();
complete();
