import { Double } from "../../double.js";
import { createIdSource } from "../../model/render-response.js";
import type { FakeProcess, Ignored, RelayProcess } from "../../relay/relay-process.js";
import { createRelay, type Relay } from "../../relay/relay.js";
import { MismatchLog } from "../../script/mismatch-log.js";
import type { ModelRequest } from "../../script/model-request.js";
import type { FakeStep } from "../../script/model-step.js";
import type { ScriptEntry } from "../../script/script-entry.js";
import { Script } from "../../script/script.js";
import type { ExecRun } from "./exec-run.js";
import { FakeExecProcess, type ExecState } from "./fake-exec-process.js";
import { newestCodex } from "../newest-codex.js";

/** Options of {@link createFakeExec}. */
export interface FakeExecOptions {
  /** The version that `--version` prints. Default: the newest that codexkit supports. */
  readonly version?: string;
  /** The directory of its executable. Default: a new one under the system's temporary folder. */
  readonly directory?: string;
  /** Signals that its processes ignore. Default: none; SIGINT ends a process with code 1, others end it as with codex. */
  readonly ignore?: readonly NodeJS.Signals[];
  /** The ids of stored threads that `resume` accepts in addition to the fake's own. Default: none. */
  readonly threads?: readonly string[];
  /** Whether `close()` rejects with the error of `assertDone()`. Default: true. */
  readonly strict?: boolean;
}

/**
 * Creates a fake of `codex exec --json`: an executable whose processes run one turn each, and that records their
 * arguments, environment, directory and stdin. A turn takes one step for each request that codex would send to the model;
 * an `execRun` defines a whole process instead. The usage is summed over the turns of a resumed thread. Rejects with an
 * `OptionError` (`INVALID_OPTION`) for an entry that is not a step.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 * import { createFakeExec, message, respond } from "codexkit/testing";
 *
 * await using exec = await createFakeExec([respond(message("Hello"))]);
 * await using codex = new Codex(exec.codexOptions());
 * await codex.startThread({ skipGitRepoCheck: true }).run("Say hello");
 * const prompt = exec.processes[0]?.stdin;
 * ```
 */
export async function createFakeExec(
  steps: readonly ScriptEntry<FakeStep | ExecRun>[] = [],
  options: FakeExecOptions = {},
): Promise<FakeExec> {
  const script = new Script(steps, new MismatchLog("fake exec"));
  return new FakeExec(await createRelay(options), script, options);
}

/** A running fake exec. Created by {@link createFakeExec}. */
export class FakeExec extends Double {
  readonly #relay: Relay;
  readonly #state: ExecState;
  readonly #running = new Set<Promise<void>>();

  /** @internal */
  constructor(
    relay: Relay,
    script: Script<FakeStep | ExecRun>,
    { version = newestCodex.version, ignore = [], threads = [], strict = true }: FakeExecOptions,
  ) {
    super(strict);
    this.#relay = relay;
    this.#state = {
      script,
      version,
      threads: new Map(),
      knownIds: new Set(threads),
      modelRequests: [],
      nextId: createIdSource(),
    };
    relay.listen((process) => this.#play(process, ignore));
  }

  /** The path of the executable, for the option `codexPathOverride`. */
  get codexPathOverride(): string {
    return this.#relay.path;
  }

  /** Every process that was started, in order. A call with `--version` is not included. */
  get processes(): readonly FakeProcess[] {
    return this.#relay.processes;
  }

  /** The requests that codex would have sent to the model, in order. */
  get modelRequests(): readonly ModelRequest[] {
    return this.#state.modelRequests;
  }

  /** Returns the options that make a client use this exec. Spread them into `new Codex({ ... })`. */
  codexOptions(): {
    readonly codexPathOverride: string;
    readonly transport: "exec";
    readonly allowWritableBinary: true;
  } {
    // The executable lies in the system's temporary folder, which every sandbox may write to.
    return { codexPathOverride: this.codexPathOverride, transport: "exec", allowWritableBinary: true };
  }

  /** Adds entries to the script. */
  add(...entries: readonly ScriptEntry<FakeStep | ExecRun>[]): void {
    this.#state.script.add(entries);
  }

  /** @internal */
  protected check(): void {
    this.#state.script.check();
  }

  /** @internal */
  protected async stop(): Promise<void> {
    await this.#relay.close();
    await Promise.all(this.#running);
  }

  #play(process: RelayProcess, ignore: readonly Ignored[]): void {
    const player = new FakeExecProcess(process, this.#state);
    process.begin({ report: ["SIGINT"], ignore }, () => player.interrupt());
    const running = player.play().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
