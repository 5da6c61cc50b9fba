import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createDeferred, type Deferred } from "../../../internal/deferred.js";
import { parseJson, type JsonObject, type JsonValue } from "../../../internal/json.js";
import type { RelayProcess } from "../../relay/relay-process.js";
import {
  isLineOf,
  lineText,
  type RecordedEntry,
  type RecordedLine,
  type RecordedProcess,
} from "../../record/recording.js";
import type { ExecPool } from "./exec-pool.js";
import { readExecRequest, schemaPathOf } from "./exec-request.js";
import type { ReplayContext } from "../replay-context.js";
import { respell } from "../spelling.js";

/** Plays one recorded process of `codex exec` as a process of the relay. */
export class ReplayExec {
  readonly #process: RelayProcess;
  readonly #pool: ExecPool;
  readonly #context: ReplayContext;
  /** Signals that arrived before the recorded ones were reached. */
  readonly #early: string[] = [];
  #awaited: Deferred<string> | undefined;

  constructor(process: RelayProcess, pool: ExecPool, context: ReplayContext) {
    this.#process = process;
    this.#pool = pool;
    this.#context = context;
  }

  /** Plays the process to its end. */
  async play(): Promise<void> {
    this.#process.begin({ report: ["SIGINT", "SIGTERM", "SIGHUP"] }, (signal) => this.#interrupt(signal));
    this.#process.readStdin();
    await this.#process.stdinEnded;
    if (this.#process.gone.aborted) return;
    const taken = this.#pool.take(this.#readRequest());
    if ("recorded" in taken) return await this.#playEntries(taken.recorded);
    this.#context.log.noteUnexpected(`codex exec: ${taken.problem}`);
    this.#process.writeStderr(`Error: the replayed recording does not contain this call: ${taken.problem}\n`);
    await this.#process.exit(1);
  }

  #readRequest(): JsonObject {
    const { argv, stdin, cwd } = this.#process;
    const path = schemaPathOf(argv);
    const outputSchema = path === undefined ? undefined : readJson(resolve(cwd, path));
    return respell(readExecRequest({ argv, stdin, outputSchema }), this.#context.spelling.toRecorded);
  }

  async #playEntries({ entries }: RecordedProcess): Promise<void> {
    let isOver = false;
    for (const entry of entries) {
      if (isLineOf(entry, "stdout")) this.#process.writeStdout(this.#textOf(entry));
      else if (isLineOf(entry, "stderr")) this.#process.writeStderr(this.#textOf(entry));
      else if (entry.type === "exit") return await this.#process.endAs(entry);
      // Some clients send a signal after every turn. It has no effect on an ended turn.
      else if (entry.type === "signal" && !isOver) await this.#interruption();
      if (this.#process.gone.aborted) return;
      isOver ||= isTurnEnd(entry);
    }
    // The recorded process was killed, so this one runs until it receives a signal.
    await this.#process.endAs({ code: 1, signal: await this.#interruption() });
  }

  #textOf({ json, line, tail }: RecordedLine): string {
    const { toLive } = this.#context.spelling;
    if (tail !== undefined) return toLive(tail);
    return `${json === undefined ? toLive(line ?? "") : JSON.stringify(respell(json, toLive))}\n`;
  }

  /** Resolves with the next signal, or with SIGKILL if the process has ended. */
  async #interruption(): Promise<string> {
    const early = this.#early.shift();
    if (early !== undefined) return early;
    this.#awaited = createDeferred<string>();
    return await Promise.race([this.#awaited.promise, this.#process.closed.then(() => "SIGKILL")]);
  }

  #interrupt(signal: string): void {
    if (this.#awaited === undefined) this.#early.push(signal);
    else this.#awaited.resolve(signal);
    this.#awaited = undefined;
  }
}

function isTurnEnd(entry: RecordedEntry): boolean {
  if (!isLineOf(entry, "stdout")) return false;
  return /^\{"type":"turn\.(?:completed|failed)"/.test(lineText(entry));
}

function readJson(path: string): JsonValue | undefined {
  try {
    return parseJson(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
