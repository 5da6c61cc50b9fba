import type { JsonObject } from "../../../internal/json.js";
import { createLineSplitter } from "../../../internal/line-splitter.js";
import { AppServerSession } from "./app-server-session.js";
import { AppServerState, type ClientAnswer, type ClientCall } from "./app-server-state.js";
import { die, type FakeStep } from "../../script/fake-parts.js";
import type { FakeProcess, RelayProcess } from "../../relay/relay-process.js";
import type { ModelRequest } from "../../script/model-request.js";
import { performPart, signalReactions, type Ignored } from "../../relay/perform-part.js";
import { createRelay, type Relay } from "../../relay/relay.js";
import type { Reply } from "./reply.js";
import { Script } from "../../script/script.js";
import type { ScriptEntry } from "../../script/script-entry.js";

export interface FakeAppServerOptions {
  /** The version it claims to be. Default: `0.169.0`. */
  readonly version?: string;
  /** Where its executable is written. Default: a directory of its own under the system's temporary folder. */
  readonly directory?: string;
  /** What its processes do not react to. Default: nothing; the end of stdin and SIGTERM end them, as they end codex. */
  readonly ignore?: readonly Ignored[];
  /** Whether `close()` throws what `assertDone()` would. Default: true. */
  readonly strict?: boolean;
}

/**
 * A codex that is not there: an executable whose processes speak the app-server protocol over stdio, as the script
 * says. A turn takes as many steps as codex would ask the model for. What a command or a tool does is declared with the
 * call, as nothing is run. Several processes share one script and one set of threads, so restarts can be tested.
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
  const server = new FakeAppServer(steps, options);
  await server.listen(options);
  return server;
}

/** A running fake app-server. Made by {@link createFakeAppServer}. */
export class FakeAppServer implements AsyncDisposable {
  readonly #state: AppServerState;
  readonly #ignored: readonly Ignored[];
  readonly #strict: boolean;
  readonly #sessions = new Map<RelayProcess, AppServerSession>();
  #relay: Relay | undefined;
  #closed: Promise<void> | undefined;

  constructor(steps: readonly ScriptEntry<FakeStep>[], options: FakeAppServerOptions) {
    const { version = "0.169.0", ignore = [], strict = true } = options;
    this.#state = new AppServerState(new Script("fake app-server", steps), version);
    this.#ignored = ignore;
    this.#strict = strict;
  }

  /** The executable, to be given as `codexPathOverride`. */
  get codexPathOverride(): string {
    return this.#relay?.path ?? "";
  }

  /** Every process that was started, in order. */
  get processes(): readonly FakeProcess[] {
    return this.#relay?.processes ?? [];
  }

  /** The client's requests, in order. */
  get requests(): readonly ClientCall[] {
    return this.#state.requests;
  }

  /** The client's notifications, in order. */
  get notifications(): readonly ClientCall[] {
    return this.#state.notifications;
  }

  /** What the client answered to the server's requests, in order. */
  get answers(): readonly ClientAnswer[] {
    return this.#state.answers;
  }

  /** What a model would have been asked for each step. */
  get modelRequests(): readonly ModelRequest[] {
    return this.#state.modelRequests;
  }

  /** Every message it sent, in order. */
  get sent(): readonly JsonObject[] {
    return this.#state.sent;
  }

  /** The options that make a client use this app-server: to be spread into `new Codex({ ... })`. */
  codexOptions(): { readonly codexPathOverride: string; readonly transport: "app-server" } {
    return { codexPathOverride: this.codexPathOverride, transport: "app-server" };
  }

  /** Adds entries to the script. */
  add(...entries: readonly ScriptEntry<FakeStep>[]): void {
    this.#state.script.add(entries);
  }

  /**
   * Answers the next requests of a method with these replies, one each, instead of as codex would. A reply that is
   * not asked for counts as an unused step.
   */
  intercept(method: string, ...replies: readonly Reply[]): void {
    this.#state.intercept(method, replies);
  }

  /** Sends a notification to the client of every running process, outside any turn. */
  notify(method: string, params: JsonObject): void {
    for (const session of this.#sessions.values()) session.notifyRaw(method, params);
  }

  /** Ends every running process now, by default with SIGKILL. Resolves when they are gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((process) => performPart(process, die({ signal }))));
  }

  /** Throws a `ScriptError` for what went otherwise than the script says; what was thrown once is not thrown again. */
  async assertDone(): Promise<void> {
    await Promise.resolve();
    this.#state.check();
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
  async listen(options: FakeAppServerOptions): Promise<void> {
    const { directory, version } = options;
    this.#relay = await createRelay({
      ...(directory === undefined ? {} : { directory }),
      ...(version === undefined ? {} : { version }),
      onProcess: (process) => this.#serve(process),
    });
  }

  async #close(): Promise<void> {
    await this.#relay?.close();
    if (this.#strict) this.#state.check();
  }

  #serve(process: RelayProcess): void {
    const session = new AppServerSession(this.#state, {
      writeLine: (text) => process.writeStdout(`${text}\n`),
      perform: async (part) => await performPart(process, part),
      codexHome: process.env["CODEX_HOME"] ?? process.cwd,
      cwd: process.cwd,
    });
    this.#sessions.set(process, session);
    const splitter = createLineSplitter();
    process.begin(signalReactions(this.#ignored, ["SIGTERM"]), () => void process.exit(0));
    process.readStdin((chunk) => {
      for (const { text } of splitter.push(chunk)) session.receive(text);
    });
    if (!this.#ignored.includes("stdinEnd")) void process.stdinEnded.then(() => process.exit(0));
    void process.closed.then(() => {
      session.end();
      this.#sessions.delete(process);
    });
  }
}
