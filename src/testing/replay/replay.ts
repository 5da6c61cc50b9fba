import type { FakeProcess, RelayProcess } from "../relay/relay-process.js";
import { readRecording, type RecordedProcess, type Recording } from "../record/recording.js";
import { createRelay, type Relay } from "../relay/relay.js";
import { Script } from "../script/script.js";
import { AppServerPool } from "./app-server/app-server-pool.js";
import { ExecPool } from "./exec/exec-pool.js";
import { ReplayAppServer } from "./app-server/replay-app-server.js";
import { ReplayExec } from "./exec/replay-exec.js";
import type { ReplayWorld } from "./replay-world.js";
import { RequestMatcher } from "./request-matcher.js";
import { createSpelling } from "./spelling.js";

export interface ReplayOptions {
  /**
   * What of a request may differ, besides what may always: paths of keys below its params (on exec: `prompt`, `resume`,
   * `images`, `outputSchema`, `model`, `sandbox`) with dots between and `*` for any key, for one method only where it stands
   * in front: `"model"`, `"turn/start.input"`, `"exec.prompt"`.
   */
  readonly ignore?: readonly string[];
  /** Texts of this run that the recording spells otherwise; give what was given to the recorder. */
  readonly replace?: Readonly<Record<string, string>> | undefined;
  /** Where its executable is written. Default: a directory of its own under the system's temporary folder. */
  readonly directory?: string;
  /** Whether `close()` throws what `assertDone()` would. Default: true. */
  readonly strict?: boolean;
}

/**
 * A codex that says again what it said in a recording: an executable whose processes take the requests of the recording
 * and answer them as codex did, as fast as they can. A request that was not recorded fails, with what is nearest in the
 * recording, and so does a recorded one that nobody makes. Threads are independent of each other, so that those of a
 * concurrent program may come in any order. Throws a `ProtocolError` where the file is no recording.
 *
 * @example
 * ```ts compile
 * import { Codex } from "codexkit";
 * import { createReplay } from "codexkit/testing";
 *
 * await using replay = await createReplay("hello.recording.jsonl");
 * await using codex = new Codex(replay.codexOptions());
 * const { finalResponse } = await codex.startThread().run("Say hello");
 * await replay.assertDone();
 * ```
 */
export async function createReplay(source: string | Recording, options: ReplayOptions = {}): Promise<Replay> {
  const recording = typeof source === "string" ? readRecording(source) : source;
  const replay = new Replay(recording, typeof source === "string" ? `replay of ${source}` : "replay", options);
  await replay.listen(options);
  return replay;
}

/** A recording that is played back. Made by {@link createReplay}. */
export class Replay implements AsyncDisposable {
  readonly recording: Recording;
  readonly #account: Script<never>;
  readonly #world: ReplayWorld;
  readonly #execs: ExecPool;
  readonly #appServers: AppServerPool;
  readonly #strict: boolean;
  readonly #running = new Set<Promise<void>>();
  #relay: Relay | undefined;
  #closed: Promise<void> | undefined;

  constructor(recording: Recording, subject: string, { ignore = [], replace, strict = true }: ReplayOptions) {
    this.recording = recording;
    const account = new Script<never>(subject, []);
    this.#account = account;
    this.#world = {
      spelling: createSpelling(replace),
      noteUnexpected: (text) => account.noteUnexpected(text),
      noteViolation: (text) => account.noteViolation(text),
    };
    const matcher = new RequestMatcher(ignore);
    const { processes } = recording;
    this.#execs = new ExecPool(
      processes.filter(({ start }) => !isAppServer(start)),
      matcher,
    );
    this.#appServers = new AppServerPool(
      processes.filter(({ start }) => isAppServer(start)),
      matcher,
    );
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

  /** The options that make a client use this replay, on the transport that was recorded: to be spread into `new Codex({ ... })`. */
  codexOptions(): { readonly codexPathOverride: string; readonly transport: "exec" | "app-server" } {
    const [first] = this.recording.processes;
    const isExec = first !== undefined && !isAppServer(first.start);
    return { codexPathOverride: this.codexPathOverride, transport: isExec ? "exec" : "app-server" };
  }

  /** Throws a `ScriptError` for what went otherwise than recorded; what was thrown once is not thrown again. */
  async assertDone(): Promise<void> {
    await Promise.resolve();
    this.#check();
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
  async listen({ directory }: ReplayOptions): Promise<void> {
    const { codexVersion } = this.recording;
    this.#relay = await createRelay({
      ...(directory === undefined ? {} : { directory }),
      ...(codexVersion === null ? {} : { version: codexVersion }),
      onProcess: (process) => this.#play(process),
    });
  }

  async #close(): Promise<void> {
    await this.#relay?.close();
    await Promise.all(this.#running);
    if (this.#strict) this.#check();
  }

  #check(): void {
    this.#account.check([...this.#appServers.unused(), ...this.#execs.unused()]);
  }

  #play(process: RelayProcess): void {
    if (isAppServer(process)) return new ReplayAppServer(process, this.#appServers, this.#world).play();
    const running = new ReplayExec(process, this.#execs, this.#world)
      .play()
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}

function isAppServer({ argv }: Pick<RecordedProcess["start"], "argv">): boolean {
  return argv[0] === "app-server";
}
