// Writes events without end, as fast as they are read.
import { begin, write } from "../stand-in.mjs";

await begin();
const item = { id: "item_0", type: "todo_list", items: [{ text: "write events", completed: false }] };
const lines = `${JSON.stringify({ type: "item.updated", item })}\n`.repeat(100);
for (;;) write(lines);
