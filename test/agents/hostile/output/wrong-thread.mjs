// Continues with another thread than the one that it was asked to resume.
import { answer, beat, complete, readPrompt, say } from "../stand-in.mjs";

await readPrompt();
say({ type: "thread.started", thread_id: "01a2b3c4-9999-7000-8000-999999999999" });
say({ type: "turn.started" });
await beat();
answer();
complete();
