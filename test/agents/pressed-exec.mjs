#!/usr/bin/env node
// Stands in for `codex exec`: writes COUNT messages, each after the pipe has taken the one before. If the pipe takes nothing
// for STUCK_MS milliseconds, it writes the number of messages so far into the file STUCK.
import { writeFileSync } from "node:fs";

const { COUNT = "0", STUCK = "", STUCK_MS = "500" } = process.env;
if (process.argv[2] === "--version") {
  console.log("codex-cli 0.169.0");
} else {
  process.stdin.resume();
  await write({ type: "thread.started", thread_id: "01a2b3c4-0000-7000-8000-000000000000" });
  await write({ type: "turn.started" });
  for (let i = 0; i < Number(COUNT); i += 1) {
    const item = { id: `item_${i}`, type: "agent_message", text: `${i} `.padEnd(10_000, "x") };
    const stuck = setTimeout(() => writeFileSync(STUCK, String(i)), Number(STUCK_MS));
    await write({ type: "item.completed", item });
    clearTimeout(stuck);
  }
  const usage = { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1 };
  await write({ type: "turn.completed", usage: { ...usage, cache_write_input_tokens: 0, reasoning_output_tokens: 0 } });
}

/** @param {unknown} line */
function write(line) {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(line)}\n`, resolve));
}
