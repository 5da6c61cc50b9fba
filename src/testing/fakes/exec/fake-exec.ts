import type { FakeStep } from "../../script/fake-parts.js";
import type { FakeProcess, RelayProcess } from "../../relay/relay-process.js";
import { FakeExecProcess, type ExecWorld } from "./fake-exec-process.js";
import type { ExecRun } from "./exec-run.js";
import type { ModelRequest } from "../../script/model-request.js";
import { signalReactions, type Ignored } from "../../relay/perform-part.js";
import { createRelay, type Relay } from "../../relay/relay.js";
import { createIdSource } from "../../model/render-response.js";
import { Script } from "../../script/script.js";
import type { ScriptEntry } from "../../script/script-entry.js";

export interface FakeExecOptions {
  /** What `--version` says. Default: `0.169.0`. */
  readonly version?: string;
  /** Where its executable is written. Default: a directory of its own under the system's temporary folder. */
  readonly directory?: string;
  /** Signals that its processes do not react to. Default: none; SIGINT ends one with code 1, others as they end codex. */
  readonly ignore?: readonly NodeJS.Signals[];
  /** Threads that `resume` finds besides those that it has started itself. */
  readonly threads?: readonly string[];
  /** Whether `close()` throws what `assertDone()` would. Default: true. */
  readonly strict?: boolean;
}

/**
 * A codex that is not there: an executable whose processes play one turn each, as `codex exec --json` does, and that
 * records their arguments, environment, directory and stdin. A turn takes as many steps as codex would ask the model
 * for; an `execRun` is a whole process instead. Usage adds up over the turns of a resumed thread.
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
  const exec = new FakeExec(steps, options);
  await exec.listen(options);
  return exec;
}

/** A running fake exec. Made by {@link createFakeExec}. */
export class FakeExec implements AsyncDisposable {
  readonly #world: ExecWorld;
  readonly #ignored: readonly Ignored[];
  readonly #strict: boolean;
  readonly #running = new Set<Promise<void>>();
  #relay: Relay | undefined;
  #closed: Promise<void> | undefined;

  constructor(steps: readonly ScriptEntry<FakeStep | ExecRun>[], options: FakeExecOptions) {
    const { version = "0.169.0", ignore = [], threads = [], strict = true } = options;
    this.#world = {
      script: new Script("fake exec", steps),
      version,
      threads: new Map(),
      knownIds: new Set(threads),
      modelRequests: [],
      nextId: createIdSource(),
    };
    this.#ignored = ignore;
    this.#strict = strict;
  }

  /** The executable, to be given as `codexPathOverride`. */
  get codexPathOverride(): string {
    return this.#relay?.path ?? "";
  }

  /** Every process that was started, in order, `--version` aside. */
  get processes(): readonly FakeProcess[] {
    return this.#relay?.processes ?? [];
  }

  /** What a model would have been asked for each step. */
  get modelRequests(): readonly ModelRequest[] {
    return this.#world.modelRequests;
  }

  /** The options that make a client use this exec: to be spread into `new Codex({ ... })`. */
  codexOptions(): { readonly codexPathOverride: string; readonly transport: "exec" } {
    return { codexPathOverride: this.codexPathOverride, transport: "exec" };
  }

  /** Adds entries to the script. */
  add(...entries: readonly ScriptEntry<FakeStep | ExecRun>[]): void {
    this.#world.script.add(entries);
  }

  /** Throws a `ScriptError` for what went otherwise than the script says; what was thrown once is not thrown again. */
  async assertDone(): Promise<void> {
    await Promise.resolve();
    this.#world.script.check();
  }

  /** Ends its processes and removes its executable; then, unless `strict` is false, asserts as `assertDone()` does. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  async listen(options: FakeExecOptions): Promise<void> {
    const { directory, version } = options;
    this.#relay = await createRelay({
      ...(directory === undefined ? {} : { directory }),
      ...(version === undefined ? {} : { version }),
      onProcess: (process) => this.#play(process),
    });
  }

  async #close(): Promise<void> {
    await this.#relay?.close();
    await Promise.all(this.#running);
    if (this.#strict) this.#world.script.check();
  }

  #play(process: RelayProcess): void {
    const player = new FakeExecProcess(process, this.#world);
    process.begin(signalReactions(this.#ignored, ["SIGINT"]), () => player.interrupt());
    const running = player.play().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
