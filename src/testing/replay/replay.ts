import { Double } from "../double.js";
import { readRecording, type RecordedProcess, type Recording } from "../record/recording.js";
import type { FakeProcess, RelayProcess } from "../relay/relay-process.js";
import { createRelay, type Relay } from "../relay/relay.js";
import { MismatchLog } from "../script/mismatch-log.js";
import { AppServerPool } from "./app-server/app-server-pool.js";
import { ReplayAppServer } from "./app-server/replay-app-server.js";
import { ExecPool } from "./exec/exec-pool.js";
import { ReplayExec } from "./exec/replay-exec.js";
import type { ReplayContext } from "./replay-context.js";
import { RequestMatcher } from "./request-matcher.js";
import { createSpelling } from "./spelling.js";

/** Options of {@link createReplay}. */
export interface ReplayOptions {
  /**
   * Parts of a request that may differ from the recording: paths of keys below its params, with dots between the keys and
   * `*` for any key. On exec the keys are `prompt`, `resume`, `images`, `outputSchema`, `model` and `sandbox`. A path that
   * begins with a method applies to this method only: `"model"`, `"turn/start.input"`, `"exec.prompt"`. The working
   * directory, the configuration and the writable folders of the sandbox may always differ. Default: no other parts.
   */
  readonly ignore?: readonly string[];
  /** The option `replace` of the recorder, with the texts of this machine. Default: none. */
  readonly replace?: Readonly<Record<string, string>> | undefined;
  /** The directory of its executable. Default: a new one under the system's temporary folder. */
  readonly directory?: string;
  /** Whether `close()` rejects with the error of `assertDone()`. Default: true. */
  readonly strict?: boolean;
}

/**
 * Creates a replay of a recording: an executable whose processes answer the recorded requests like codex, without its
 * delays. A request that is not in the recording is answered with an error that names the nearest recorded one. A
 * recorded request that the program does not send is reported by `assertDone()` and `close()`. Threads are independent of
 * each other, so that a program may use several at once in any order.
 *
 * @throws ProtocolError if the file is not a recording.
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
  const log = new MismatchLog(typeof source === "string" ? `replay of ${source}` : "replay");
  const relay = await createRelay({ directory: options.directory, version: recording.codexVersion ?? undefined });
  return new Replay(relay, { recording, log }, options);
}

/** A running replay of a recording. Created by {@link createReplay}. */
export class Replay extends Double {
  readonly recording: Recording;
  readonly #relay: Relay;
  readonly #context: ReplayContext;
  readonly #execs: ExecPool;
  readonly #appServers: AppServerPool;
  readonly #running = new Set<Promise<void>>();

  /** @internal */
  constructor(
    relay: Relay,
    { recording, log }: { readonly recording: Recording; readonly log: MismatchLog },
    { ignore = [], replace, strict = true }: ReplayOptions,
  ) {
    super(strict);
    this.recording = recording;
    this.#relay = relay;
    this.#context = { spelling: createSpelling(replace), log };
    const matcher = new RequestMatcher(ignore);
    const isOnAppServer = ({ start }: RecordedProcess): boolean => isAppServer(start);
    const { processes } = recording;
    this.#execs = new ExecPool(
      processes.filter((process) => !isOnAppServer(process)),
      matcher,
    );
    this.#appServers = new AppServerPool(processes.filter(isOnAppServer), matcher);
    relay.listen((process) => this.#play(process));
  }

  /** The path of the executable, for the option `codexPathOverride`. */
  get codexPathOverride(): string {
    return this.#relay.path;
  }

  /** Every process that was started, in order. A call with `--version` is not included. */
  get processes(): readonly FakeProcess[] {
    return this.#relay.processes;
  }

  /**
   * Returns the options that make a client use this replay, on the transport of the recording. Spread them into
   * `new Codex({ ... })`.
   */
  codexOptions(): {
    readonly codexPathOverride: string;
    readonly transport: "exec" | "app-server";
    readonly allowWritableBinary: true;
  } {
    const [first] = this.recording.processes;
    const isExec = first !== undefined && !isAppServer(first.start);
    const transport = isExec ? "exec" : "app-server";
    // The executable lies in the system's temporary folder, which every sandbox may write to.
    return { codexPathOverride: this.codexPathOverride, transport, allowWritableBinary: true };
  }

  /** @internal */
  protected check(): void {
    this.#context.log.check([...this.#appServers.unused(), ...this.#execs.unused()]);
  }

  /** @internal */
  protected async stop(): Promise<void> {
    await this.#relay.close();
    await Promise.all(this.#running);
  }

  #play(process: RelayProcess): void {
    if (isAppServer(process)) return new ReplayAppServer(process, this.#appServers, this.#context).play();
    const running = new ReplayExec(process, this.#execs, this.#context)
      .play()
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}

function isAppServer({ argv }: { readonly argv: readonly string[] }): boolean {
  return argv[0] === "app-server";
}
