// The program of a fake codex: it connects its stdio and its signals to the test process over a loopback socket. It is
// plain JavaScript because node runs it from `src/` and from `dist/`.
import { closeSync } from "node:fs";
import { connect } from "node:net";

/**
 * The input that the launcher passes.
 * @typedef {{ port: number, token: string, version: string }} RelayOptions
 */

/**
 * A command of the test process, one JSON object per line. `data` is base64.
 * @typedef {{ type: "begin", signals: Record<string, "ignore" | "report"> } | { type: "readStdin" } | { type: "stdout" | "stderr", data: string }
 *   | { type: "closeStdout" } | { type: "exit", code: number } | { type: "kill", signal: NodeJS.Signals }} RelayCommand
 */

/**
 * Runs until the test process ends it or disconnects.
 * @param {RelayOptions} options
 * @returns {void}
 */
export function runRelay({ port, token, version }) {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && argv[0] === "--version") {
    process.stdout.write(`codex-cli ${version}\n`);
    return;
  }
  const socket = connect(port, "127.0.0.1");
  /** @param {Record<string, unknown>} message */
  const send = (message) => socket.write(`${JSON.stringify(message)}\n`);
  send({ type: "hello", token, argv, cwd: process.cwd(), env: process.env, pid: process.pid });
  socket.on("error", () => process.exit(70));
  socket.on("close", () => process.exit(70));
  process.stdout.on("error", () => send({ type: "stdoutClosed" }));
  process.stderr.on("error", () => undefined);
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      const text = rest.subarray(0, end).toString("utf8");
      rest = rest.subarray(end + 1);
      perform(JSON.parse(text), send);
    }
  });
}

/**
 * @param {RelayCommand} command
 * @param {(message: Record<string, unknown>) => void} send
 */
function perform(command, send) {
  switch (command.type) {
    case "begin":
      for (const [signal, reaction] of Object.entries(command.signals)) {
        process.on(signal, () => send({ type: "signal", signal, reaction }));
      }
      send({ type: "ready" });
      return;
    case "readStdin":
      process.stdin.on("data", (chunk) => send({ type: "stdin", data: chunk.toString("base64") }));
      process.stdin.on("end", () => send({ type: "stdinEnd" }));
      process.stdin.on("error", () => send({ type: "stdinEnd" }));
      return;
    case "stdout":
      process.stdout.write(Buffer.from(command.data, "base64"));
      return;
    case "stderr":
      process.stderr.write(Buffer.from(command.data, "base64"));
      return;
    case "closeStdout":
      process.stdout.write("", () => closeSync(1));
      return;
    case "exit":
      afterOutput(() => process.exit(command.code));
      return;
    case "kill":
      afterOutput(() => {
        process.removeAllListeners(command.signal);
        process.kill(process.pid, command.signal);
      });
      return;
  }
}

/**
 * Calls `then` after the data in both output pipes has been written.
 * @param {() => void} then
 */
function afterOutput(then) {
  process.stdout.write("", () => process.stderr.write("", then));
}
