import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { resolveCodex, type ResolvedCodex } from "../../client/resolve-codex.js";
import { writeLauncher } from "../write-launcher.js";
import { readRecording, recordingVersion, type Recording } from "./recording.js";

export interface RecorderOptions {
  /** Where the recording is written, with mode 0600. What the file held before is replaced. */
  readonly file: string;
  /** The codex to record. Default: the one that a client would start (`resolveCodex`). */
  readonly codexPathOverride?: string | undefined;
  /** Texts that the recording spells otherwise, such as the folders of this machine. The longest is looked for first. */
  readonly replace?: Readonly<Record<string, string>> | undefined;
  /** Where its executable is written. Default: a directory of its own under the system's temporary folder. */
  readonly directory?: string | undefined;
}

/** A recorder of codex. Made by {@link createRecorder}. */
export interface Recorder extends Disposable {
  /** The executable that stands in for codex: for `codexPathOverride`, of any SDK, or wherever a program takes a codex. */
  readonly codexPathOverride: string;
  readonly file: string;
  /** What has been recorded so far. */
  read(): Recording;
  /** The same as its text. */
  text(): string;
  /** Removes the executable; the recording stays. Idempotent. */
  close(): void;
}

/**
 * An executable that is the real codex to whoever starts it, and writes all that goes through its pipes to a file that
 * `createReplay` plays back. Any number of processes, of any program, record into the same file, also at once.
 *
 * Of the environment only names are recorded. Secrets become `[redacted]`: the values of variables with a secret's name, all
 * values of headers, of MCP environments and under a secret's name, and credentials of a known form. Read a recording before
 * you share it nevertheless: it contains prompts, answers and the output of commands.
 *
 * @throws BinaryNotFoundError or BinaryNotExecutableError where there is no codex to record.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 * import { createRecorder } from "codexkit/testing";
 *
 * using recorder = createRecorder({ file: "hello.recording.jsonl" });
 * await using codex = new Codex({ codexPathOverride: recorder.codexPathOverride });
 * await codex.startThread().run("Say hello");
 * ```
 */
export function createRecorder({ file, codexPathOverride, replace = {}, directory }: RecorderOptions): Recorder {
  const codex = resolveCodex(codexPathOverride === undefined ? {} : { codexPathOverride });
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true });
  const header = { type: "recording", version: recordingVersion, codexVersion: readVersion(codex) };
  writeFileSync(path, `${JSON.stringify(header)}\n`, { mode: 0o600 });
  const launcher = writeLauncher(
    "record",
    {
      file: path,
      command: codex.command,
      args: codex.args,
      pathDirs: codex.pathDirs,
      replace: Object.entries(replace),
    },
    directory,
  );
  return {
    codexPathOverride: launcher.path,
    file: path,
    read: () => readRecording(path),
    text: () => readFileSync(path, "utf8"),
    close: launcher.remove,
    [Symbol.dispose]: launcher.remove,
  };
}

function readVersion({ command, args }: ResolvedCodex): string | null {
  const { stdout } = spawnSync(command, [...args, "--version"], { encoding: "utf8", timeout: 10_000 });
  return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? null;
}
