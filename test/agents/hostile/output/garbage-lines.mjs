// Writes lines that are no events between those that are.
import { answer, beat, begin, complete, write } from "../stand-in.mjs";

write("thread 'main' panicked at codex-rs/core/src/lib.rs:1:1\n{not json}\n");
await begin();
write('[1,2,3]\n"text"\n42\n\n   \n{}\n{"type":7}\n{"type":"never.heard","of":1}\n');
await beat();
write(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]));
answer();
write("Segmentation fault\n");
complete();
write("bye\n");
