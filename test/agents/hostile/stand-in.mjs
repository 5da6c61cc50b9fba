// The shared part of the executables of this folder. Each of them stands in for `codex` and is hostile in the one way
// that its name describes. Importing this answers `--version` as codex 0.169.0 does; the code after the import is `codex
// exec --json`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

if (process.argv.includes("--version")) {
  writeSync(1, "codex-cli 0.169.0\n");
  process.exit(0);
}

/** The number that every process of this case carries, in its environment or on its command line. */
export const token = process.env["CODEXKIT_CASE"] ?? "0";

const resumeAt = process.argv.indexOf("resume");
/** The resumed thread, or always the same new one. */
export const threadId =
  (resumeAt === -1 ? undefined : process.argv[resumeAt + 1]) ?? "01a2b3c4-0000-7000-8000-000000000000";

/** Reads the prompt to its end and begins the turn, as a sound codex does. */
export async function begin() {
  await readPrompt();
  started();
}

export async function readPrompt() {
  await once(process.stdin.resume(), "end");
}

/** Writes both lines at once: a client that dies at the first event must not find this process between the two. */
export function started() {
  const lines = [{ type: "thread.started", thread_id: threadId }, { type: "turn.started" }];
  write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** An answer that fits the output schema of the host. @param {string} [text] */
export function answer(text = '{"ok":true}') {
  say({ type: "item.completed", item: { id: "item_0", type: "agent_message", text } });
}

/** The end of the turn, as a line without its line end. */
export const completedLine = JSON.stringify({
  type: "turn.completed",
  usage: {
    input_tokens: 100,
    cached_input_tokens: 40,
    cache_write_input_tokens: 0,
    output_tokens: 20,
    reasoning_output_tokens: 6,
  },
});

export function complete() {
  write(`${completedLine}\n`);
}

/** @param {unknown} event */
export function say(event) {
  write(`${JSON.stringify(event)}\n`);
}

/** Writes all of the data, however long the reader takes. A codex whose reader is gone panics. @param {string | Buffer} data */
export function write(data, fd = 1) {
  const bytes = Buffer.from(data);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) process.exit(101);
    }
  }
}

/** Informs the host program that the turn is in its middle, if no event does so. */
export function midTurn() {
  writeFileSync(join(process.env["CODEXKIT_CASE_FOLDER"] ?? ".", "mid-turn"), "");
}

/** Leaves time for an ending that was begun at the last event. */
export async function beat() {
  await delay(25);
}

/** Never ends by itself. @returns {Promise<never>} */
export function hang() {
  return new Promise(() => setInterval(() => {}, 60_000));
}

/** Ends on no signal that can be ignored. */
export function ignoreSignals() {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => {});
}

/** Starts a shell script that outlives us; the token is its `$0`. @param {string} script */
export function startShell(script, { detached = false, stdout = false } = {}) {
  const child = spawn("bash", ["-c", script, token], {
    detached,
    stdio: ["ignore", stdout ? "inherit" : "ignore", "ignore"],
  });
  child.unref();
}

/** Sleeps for a day, with the token on its command line. */
export const nap = `sleep 86400.${token}`;
