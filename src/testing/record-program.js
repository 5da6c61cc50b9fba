// The program of a recorder: it starts codex, passes its pipes and signals through unchanged, and appends their content to
// the recording. It is plain JavaScript because node runs it from `src/` and from `dist/`.
import { setTimeout } from "node:timers";
import { spawn } from "node:child_process";
import { appendFileSync, openSync, readFileSync } from "node:fs";
import { constants, homedir } from "node:os";
import { delimiter, join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { createCleaner, parse } from "./record/recording-cleaner.js";

/**
 * The input that the launcher passes.
 * @typedef {object} RecordOptions
 * @property {string} file The path of the recording.
 * @property {string} command The program that starts codex.
 * @property {readonly string[]} args The arguments before codex's own ones.
 * @property {readonly string[]} pathDirs Folders to prepend to PATH.
 * @property {readonly (readonly [text: string, replacement: string])[]} replace Texts to replace in the recording.
 */

/** @typedef {import("../internal/json.js").JsonValue} JsonValue */

const passedSignals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Runs until codex has ended, then exits with codex's exit code or signal.
 * @param {RecordOptions} options
 * @returns {void}
 */
export function runRecorded(options) {
  const argv = process.argv.slice(2);
  const PATH = [...options.pathDirs, process.env["PATH"] ?? ""].join(delimiter);
  const child = spawn(options.command, [...options.args, ...argv], { env: { ...process.env, PATH }, stdio: "pipe" });
  child.on("error", (error) => {
    process.stderr.write(`the recorder cannot start codex: ${error.message}\n`, () => process.exit(127));
  });
  if (argv.length === 1 && argv[0] === "--version") {
    child.stdout.pipe(process.stdout);
    return;
  }
  const record = createRecord(options, { argv, pid: child.pid ?? 0 });
  passThrough(process.stdin, child.stdin, record.stream("stdin"));
  process.stdin.on("end", () => child.stdin.end());
  passThrough(child.stdout, process.stdout, record.stream("stdout"));
  passThrough(child.stderr, process.stderr, record.stream("stderr"));
  for (const signal of passedSignals) {
    process.on(signal, () => {
      record.entry({ type: "signal", signal });
      child.kill(signal);
    });
  }
  child.on("close", (code, signal) => {
    record.entry({ type: "exit", code, signal });
    process.stdin.destroy();
    process.stdout.write("", () => process.stderr.write("", () => endAs(code, signal)));
  });
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function endAs(code, signal) {
  if (signal === null) return process.exit(code ?? 1);
  for (const passed of passedSignals) process.removeAllListeners(passed);
  process.kill(process.pid, signal);
  // Reached only if the signal does not end node.
  setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
}

/**
 * Copies a stream with backpressure. Each chunk is recorded before it is written. If the reader closes its end, the writer's
 * end is closed too.
 * @param {NodeJS.ReadStream | import("node:stream").Readable} from
 * @param {NodeJS.WriteStream | import("node:stream").Writable} to
 * @param {{ push: (chunk: Buffer) => void, end: () => void }} recorded
 */
function passThrough(from, to, recorded) {
  from.on("data", (/** @type {Buffer} */ chunk) => {
    recorded.push(chunk);
    if (to.write(chunk)) return;
    from.pause();
    to.once("drain", () => from.resume());
  });
  from.on("end", () => recorded.end());
  from.on("error", () => undefined);
  to.on("error", () => from.destroy());
}

/**
 * @param {RecordOptions} options
 * @param {{ argv: readonly string[], pid: number }} codex
 */
function createRecord({ file, replace }, { argv, pid }) {
  const began = performance.now();
  const id = `${process.pid}-${Date.now().toString(36)}`;
  const clean = createCleaner(replace);
  for (const secret of readProfile(argv)) clean.learn(secret);
  const handle = openSync(file, "a");
  /** @param {Record<string, unknown>} fields */
  const entry = ({ type, ...fields }) => {
    const at = Math.round(performance.now() - began);
    appendFileSync(handle, `${JSON.stringify({ type, process: id, at, ...fields })}\n`);
  };
  /** @param {"stdin" | "stdout" | "stderr"} type */
  const stream = (type) => {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    return {
      /** @param {Buffer} chunk */
      push(chunk) {
        const lines = (rest + decoder.write(chunk)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) entry({ type, ...clean.line(line) });
      },
      end() {
        rest += decoder.end();
        if (rest !== "") entry({ type, tail: clean.text(rest) });
        entry({ type: "end", stream: type });
      },
    };
  };
  const outputSchema = readOutputSchema(argv);
  entry({
    type: "start",
    pid,
    argv: clean.argv(argv),
    cwd: clean.text(process.cwd()),
    env: Object.keys(process.env).sort(),
    ...(outputSchema === undefined ? {} : { outputSchema: clean.value(outputSchema) }),
  });
  return { entry, stream };
}

/**
 * Reads the output schema at the start, because the client may delete its file when codex ends.
 * @param {readonly string[]} argv
 * @returns {JsonValue | undefined}
 */
function readOutputSchema(argv) {
  const index = argv.indexOf("--output-schema");
  const file = index === -1 ? undefined : argv[index + 1];
  try {
    return file === undefined ? undefined : parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Reads the texts of the profile with which codexkit passes secrets to codex exec. It deletes the file later.
 * @param {readonly string[]} argv
 * @returns {readonly string[]}
 */
function readProfile(argv) {
  const name = argv.find((word) => word.startsWith("--profile=codexkit-"))?.slice("--profile=".length);
  try {
    const { CODEX_HOME = "", HOME = "" } = process.env;
    const home = CODEX_HOME === "" ? join(HOME === "" ? homedir() : HOME, ".codex") : CODEX_HOME;
    const toml = name === undefined ? "" : readFileSync(join(home, `${name}.config.toml`), "utf8");
    return [...toml.matchAll(/= "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text);
  } catch {
    return [];
  }
}
