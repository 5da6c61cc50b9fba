import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { resolveCodex, type ResolvedCodex } from "../../client/resolve-codex.js";
import { writeLauncher } from "../write-launcher.js";
import { readRecording, recordingVersion, type Recording } from "./recording.js";

/** Options of {@link createRecorder}. */
export interface RecorderOptions {
  /** The path of the recording, which is written with mode 0600. An existing file is overwritten. */
  readonly file: string;
  /** The path of the codex to record. Default: the one that a client would start (`resolveCodex`). */
  readonly codexPathOverride?: string | undefined;
  /**
   * Texts to replace in the recording, such as the folders of this machine, with their replacements. The longest text is
   * replaced first. Default: none.
   */
  readonly replace?: Readonly<Record<string, string>> | undefined;
  /** The directory of its executable. Default: a new one under the system's temporary folder. */
  readonly directory?: string | undefined;
}

/** A recorder of codex. Created by {@link createRecorder}. */
export interface Recorder extends Disposable {
  /** The path of the executable, for the option `codexPathOverride` of any SDK, or for any program that starts codex. */
  readonly codexPathOverride: string;
  /** The absolute path of the recording. */
  readonly file: string;
  /** Returns the recording so far. */
  read(): Recording;
  /** Returns the text of the recording so far. */
  text(): string;
  /** Removes the executable and keeps the recording. Idempotent. */
  close(): void;
}

/**
 * Creates an executable that starts the real codex and records everything that passes through its pipes. `createReplay`
 * plays the recording back. Any number of processes of any program can record into the same file, also at the same time.
 *
 * Of the environment only names are recorded. Secrets become `[redacted]`: the values of variables with a secret's name, all
 * values of headers, of MCP environments and under a secret's name, and credentials of a known form. Read a recording before
 * you share it nevertheless: it contains prompts, answers and the output of commands.
 *
 * @throws BinaryNotFoundError or BinaryNotExecutableError if codex is not found or cannot be started.
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
