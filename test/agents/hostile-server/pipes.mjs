// Hostile uses of the server's three pipes, and processes that outlive it.
import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { foreignThreadId } from "./wire.mjs";

/**
 * @typedef {import("./server.mjs").Hooks} Hooks
 * @typedef {import("./server.mjs").Server} Server
 */

/** @type {Readonly<Record<string, string | Buffer>>} */
const lines = {
  garbage: "this is no JSON {\n",
  ansi: "\u001b[31mERROR\u001b[0m \u001b]0;title\u0007\n",
  null: "null\n",
  number: "42\n",
  batch: '[{"method":"turn/completed"},{"id":1,"result":{}}]\n',
  empty: "\n\r\n   \n",
  bytes: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a]),
  separator: '{"method":"item/future/event","params":{"text":"one\u2028two\u2029three"}}\n',
  proto: '{"__proto__":{"method":"turn/completed"},"constructor":null,"params":7}\n',
  deep: `${"[".repeat(100_000)}${"]".repeat(100_000)}\n`,
};

/**
 * Writes a line that is no message.
 * @param {string} kind One of `lines`, "all" of them, "half" for half a line and the end, "huge" for one of 12 MB, "endless" for one over the bound.
 * @param {string} when "first", "before" the answer to turn/start, or "amid" the turn.
 * @returns {Hooks}
 */
export function line(kind, when) {
  const write = (/** @type {Server} */ server) => {
    if (kind === "half") {
      server.raw('{"method":"turn/comp');
      process.exit(0);
    }
    if (kind === "all") for (const each of Object.values(lines)) process.stdout.write(each);
    else if (kind === "endless") server.raw(`${"x".repeat(70_000_000)}\n`);
    else if (kind === "huge") server.raw(`${"x".repeat(12_000_000)}\n`);
    else process.stdout.write(lines[kind] ?? "");
  };
  if (when === "first") return { start: write };
  if (when === "amid") return { amid: write };
  return { called: ({ method }, server) => method === "turn/start" && (write(server), false) };
}

/**
 * @param {string} kind "delta" of the turn, "unknown" notifications of its thread, "foreign" ones of another thread.
 * @param {string} count
 * @returns {Hooks}
 */
export function flood(kind, count) {
  return {
    amid({ threadId, turnId }) {
      const params = { threadId: kind === "foreign" ? foreignThreadId : threadId, turnId, itemId: "msg_1", delta: "a" };
      const method = kind === "unknown" ? "item/future/event" : "item/agentMessage/delta";
      const text = `${JSON.stringify({ method, params })}\n`.repeat(1_000);
      for (let sent = 0; sent < Number(count); sent += 1_000) process.stdout.write(text);
    },
  };
}

/**
 * @param {string} megabytes
 * @returns {Hooks}
 */
export function chatter(megabytes) {
  const text = `${"noise ".repeat(1_000)}\n`.repeat(170);
  return {
    start() {
      for (let count = 0; count < Number(megabytes); count += 1) process.stderr.write(text);
    },
  };
}

/**
 * Closes one of its pipes and keeps running.
 * @param {string} pipe "stdin" or "stdout".
 * @param {string} when "first" or "amid".
 * @returns {Hooks}
 */
export function closes(pipe, when) {
  const close = (/** @type {Server} */ server) => {
    setInterval(() => undefined, 1_000);
    closeSync(pipe === "stdin" ? 0 : 1);
    server.stall();
  };
  if (when === "amid") return { amid: (server) => (close(server), new Promise(() => undefined)) };
  // Node has not begun to read its input yet, and must not begin after this.
  return { start: (server) => (close(server), pipe === "stdin" && process.stdin.destroy()) };
}

/**
 * Leaves a process behind in the middle of the turn.
 * @param {string} kind "daemon" in a session of its own, "deaf" one that ignores signals, "holder" of our output, "heir"
 *   of all our pipes when we are gone.
 * @returns {Hooks}
 */
export function leaves(kind) {
  return {
    amid() {
      const script = kind === "deaf" ? 'trap "" TERM INT HUP; exec sleep 300' : "exec sleep 300";
      const output = kind === "holder" || kind === "heir" ? "inherit" : "ignore";
      const input = kind === "heir" ? "inherit" : "ignore";
      const stdio = /** @type {const} */ ([input, output, output]);
      spawn("/bin/sh", ["-c", script], { detached: kind !== "holder", stdio: [...stdio] }).unref();
      if (kind === "heir") process.exit(9);
    },
  };
}

/**
 * Stops reading its input after it has answered.
 * @param {string} method
 * @returns {Hooks}
 */
export function pauses(method) {
  return {
    answering(call, answer, server) {
      if (call.method !== method) return false;
      process.stdin.pause();
      setInterval(() => undefined, 1_000);
      server.send(answer);
      server.stall();
      return true;
    },
  };
}
