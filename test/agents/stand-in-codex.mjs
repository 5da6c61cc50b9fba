#!/usr/bin/env node
// Stands in for codex in tests of locating and starting it: it answers a turn of `codex exec` with the path it was
// started as,
// and the handshake of the app-server. It runs as CommonJS, too: in an npm package it is called `codex`, without an extension.
const [, path, command] = process.argv;
if (command === "--version") {
  say("codex-cli 0.169.0");
} else if (command === "exec") {
  process.stdin.resume().on("end", playTurn);
} else {
  process.stdin.on("data", (chunk) => {
    for (const line of String(chunk).split("\n").filter(Boolean)) answer(JSON.parse(line));
  });
}

function playTurn() {
  const item = { id: "item_0", type: "agent_message", text: path };
  const usage = { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1 };
  say({ type: "thread.started", thread_id: "01a2b3c4-0000-7000-8000-000000000000" });
  say({ type: "turn.started" });
  say({ type: "item.completed", item });
  say({ type: "turn.completed", usage: { ...usage, cache_write_input_tokens: 0, reasoning_output_tokens: 0 } });
}

/** @param {{ id?: number, method: string }} message */
function answer({ id, method }) {
  if (method !== "initialize") return;
  const system = { platformFamily: "unix", platformOs: process.platform };
  say({ id, result: { userAgent: "codexkit/0.169.0 (stand-in)", codexHome: "/nowhere", ...system } });
}

/** @param {unknown} line */
function say(line) {
  process.stdout.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
}
