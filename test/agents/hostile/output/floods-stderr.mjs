// Writes 32 MB to stderr before its answer.
import { answer, beat, begin, complete, write } from "../stand-in.mjs";

await begin();
await beat();
const megabyte = `${"x".repeat(99)}\n`.repeat(10_000);
for (let count = 0; count < 32; count += 1) write(megabyte, 2);
answer();
complete();
