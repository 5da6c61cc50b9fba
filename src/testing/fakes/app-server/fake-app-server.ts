import type { JsonObject } from "../../../internal/json.js";
import { createLineSplitter } from "../../../internal/lines/line-splitter.js";
import { Double } from "../../double.js";
import type { FakeProcess, Ignored, RelayProcess } from "../../relay/relay-process.js";
import { createRelay, type Relay } from "../../relay/relay.js";
import { MismatchLog } from "../../script/mismatch-log.js";
import type { ModelRequest } from "../../script/model-request.js";
import type { FakeStep } from "../../script/model-step.js";
import type { ScriptEntry } from "../../script/script-entry.js";
import { Script } from "../../script/script.js";
import { AppServerSession } from "./app-server-session.js";
import { AppServerState, type ClientAnswer, type ClientCall } from "./app-server-state.js";
import type { Reply } from "./reply.js";
import { newestCodex } from "../newest-codex.js";

/** Options of {@link createFakeAppServer}. */
export interface FakeAppServerOptions {
  /** The version that it reports. Default: the newest that codexkit supports. */
  readonly version?: string;
  /** The directory of its executable. Default: a new one under the system's temporary folder. */
  readonly directory?: string;
  /** Events that its processes ignore. Default: none; the end of stdin and SIGTERM end them, as with codex. */
  readonly ignore?: readonly Ignored[];
  /** Whether `close()` rejects with the error of `assertDone()`. Default: true. */
  readonly strict?: boolean;
}

/**
 * Creates a fake of `codex app-server`: an executable whose processes speak the app-server protocol over stdio and follow
 * the script. A turn takes one step for each request that codex would send to the model. The fake runs no commands and no
 * tools; the script declares the outcome of each call. All processes share one script and one set of threads, so that a
 * test can restart the server. Rejects with an `OptionError` (`INVALID_OPTION`) for an entry that is not a step.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 * import { createFakeAppServer, message, respond, shell } from "codexkit/testing";
 *
 * await using server = await createFakeAppServer([
 *   respond(shell("npm test", { output: "1 failed\n", exitCode: 1 })),
 *   respond(message("One test fails.")),
 * ]);
 * await using codex = new Codex(server.codexOptions());
 * const { items } = await codex.startThread({ skipGitRepoCheck: true }).run("Run the tests");
 * ```
 */
export async function createFakeAppServer(
  steps: readonly ScriptEntry<FakeStep>[] = [],
  options: FakeAppServerOptions = {},
): Promise<FakeAppServer> {
  const script = new Script(steps, new MismatchLog("fake app-server"));
  return new FakeAppServer(await createRelay(options), script, options);
}

/** A running fake app-server. Created by {@link createFakeAppServer}. */
export class FakeAppServer extends Double {
  readonly #relay: Relay;
  readonly #state: AppServerState;
  readonly #sessions = new Map<RelayProcess, AppServerSession>();

  /** @internal */
  constructor(
    relay: Relay,
    script: Script<FakeStep>,
    { version = newestCodex.version, ignore = [], strict = true }: FakeAppServerOptions,
  ) {
    super(strict);
    this.#relay = relay;
    this.#state = new AppServerState(script, version);
    relay.listen((process) => this.#serve(process, ignore));
  }

  /** The path of the executable, for the option `codexPathOverride`. */
  get codexPathOverride(): string {
    return this.#relay.path;
  }

  /** Every process that was started, in order. A call with `--version` is not included. */
  get processes(): readonly FakeProcess[] {
    return this.#relay.processes;
  }

  /** The client's requests, in order. */
  get requests(): readonly ClientCall[] {
    return this.#state.requests;
  }

  /** The client's notifications, in order. */
  get notifications(): readonly ClientCall[] {
    return this.#state.notifications;
  }

  /** The client's answers to the server's requests, in order. */
  get answers(): readonly ClientAnswer[] {
    return this.#state.answers;
  }

  /** The requests that codex would have sent to the model, in order. */
  get modelRequests(): readonly ModelRequest[] {
    return this.#state.modelRequests;
  }

  /** Every message that the server sent, in order. */
  get sent(): readonly JsonObject[] {
    return this.#state.sent;
  }

  /** Returns the options that make a client use this app-server. Spread them into `new Codex({ ... })`. */
  codexOptions(): {
    readonly codexPathOverride: string;
    readonly transport: "app-server";
    readonly allowWritableBinary: true;
  } {
    // The executable lies in the system's temporary folder, which every sandbox may write to.
    return { codexPathOverride: this.codexPathOverride, transport: "app-server", allowWritableBinary: true };
  }

  /** Adds entries to the script. */
  add(...entries: readonly ScriptEntry<FakeStep>[]): void {
    this.#state.script.add(entries);
  }

  /**
   * Replaces the answers to the next requests with this method, one reply for each request. `assertDone()` reports an
   * unused reply.
   */
  intercept(method: string, ...replies: readonly Reply[]): void {
    this.#state.intercept(method, replies);
  }

  /** Sends a notification outside any turn to the client of every running process. */
  notify(method: string, params: JsonObject): void {
    for (const session of this.#sessions.values()) session.notifyRaw(method, params);
  }

  /** Ends every running process by a signal (default: SIGKILL). Resolves when they have ended. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((process) => process.kill(signal)));
  }

  /** @internal */
  protected check(): void {
    this.#state.check();
  }

  /** @internal */
  protected async stop(): Promise<void> {
    await this.#relay.close();
  }

  #serve(process: RelayProcess, ignore: readonly Ignored[]): void {
    const session = new AppServerSession(this.#state, process);
    this.#sessions.set(process, session);
    const splitter = createLineSplitter();
    process.begin({ report: ["SIGTERM"], ignore }, () => void process.exit(0));
    process.readStdin((chunk) => {
      for (const { text } of splitter.push(chunk)) session.receive(text);
    });
    if (!ignore.includes("stdinEnd")) void process.stdinEnded.then(() => process.exit(0));
    void process.closed.then(() => {
      session.end();
      this.#sessions.delete(process);
    });
  }
}
