import { randomUUID } from "node:crypto";
import { clearTimeout, setTimeout } from "node:timers";
import type { CodexError } from "../../errors/codex-error.js";
import { TransportClosedError } from "../../errors/transport-closed-error.js";
import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import type { Line } from "../../internal/lines/line-channel.js";
import type { LocatedBinary } from "../../process/locate/locate-binary.js";
import { ProcessExitedError } from "../../process/spawn/process-exited-error.js";
import type { Redact } from "../../internal/secrets/redact.js";
import { stopPlans } from "../../process/stop/stop-process.js";
import type { Watchdog } from "../../process/watchdog/watchdog.js";
import { createExecDecoder, type ThreadEvent } from "../../protocol/index.js";
import { type LaunchedCodex, launchCodex, type LaunchOptions } from "../launch/launch-codex.js";
import { ProtocolError } from "../../errors/protocol-error.js";
import type { HostGuard } from "../guard/host-guard.js";
import type { ThreadOptions } from "../options/options.js";
import { redactEvent } from "../launch/redact-event.js";
import { toWarning } from "../launch/to-warning.js";
import { createRunMarker } from "../launch/run-marker.js";
import type { TakeMessages, TurnConnection, TurnMessage, ThreadSpec, TurnSpec } from "../transport.js";
import { toExecError } from "./exec-error.js";
import { tokenVariable, TurnTools, type ExecTools } from "./exec-tools.js";
import { imagesOf, promptOf, toExecArguments } from "./exec-arguments.js";
import { type ProfileFile, writeProfileFile } from "./profile-file.js";
import { optionsInForce } from "./options-in-force.js";
import { type SchemaFile, writeSchemaFile } from "./schema-file.js";

export interface ExecTurnOptions extends LaunchOptions, ExecThreadState {
  readonly binary: (signal: AbortSignal) => Promise<LocatedBinary>;
  readonly watchdog: Watchdog;
  readonly guard: HostGuard;
}

/** The wait for codex to exit after the last event of the turn, in milliseconds. */
const exitGraceMs = 5_000;

/** Returns a turn that runs one `codex exec` process. */
export function createExecTurn(options: ExecTurnOptions): TurnConnection {
  const turn = new ExecTurn(options);
  return {
    run: (take) => turn.run(take),
    steer: () =>
      Promise.reject(new UnsupportedFeatureError("`turn.steer()`", "exec", 'use `transport: "app-server"`.')),
    interrupt: () => turn.interrupt(),
    close: () => turn.close(),
  };
}

class ExecTurn {
  readonly #options: ExecTurnOptions;
  /** Aborted when the turn is interrupted or closed. */
  readonly #halt = new AbortController();
  #launched: LaunchedCodex | null = null;
  #schema: SchemaFile | null = null;
  #profile: ProfileFile | null = null;
  readonly #tools: TurnTools;
  #threadId: string | null;
  #ended = false;
  #interrupted = false;
  #closing: Promise<void> | null = null;
  #lastError: string | null = null;
  /** The line of the last message was over the size bound. */
  #answerDropped = false;
  /** The reason why the rest of the turn is unusable: its end cannot be decoded, or it belongs to another thread. */
  #unreadable: ProtocolError | null = null;

  constructor(options: ExecTurnOptions) {
    this.#options = options;
    this.#threadId = options.threadId;
    this.#tools = new TurnTools(options.tools ?? null, () => this.#threadId ?? "");
  }

  async run(take: TakeMessages): Promise<void> {
    for await (const batch of this.#messages()) {
      const taken = take(batch);
      if (taken !== undefined) await taken;
    }
  }

  async *#messages(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    try {
      const prompt = promptOf(this.#options.spec.input);
      const inForce = optionsInForce(this.#options);
      const warnings = this.#options.guard.inspect(inForce);
      if (warnings.length > 0) yield warnings.map((warning) => toWarning(warning, this.#threadId));
      const launched = await this.#launch(inForce);
      if (launched === null) return yield* this.#endWithoutEvent();
      const { agent, redact } = launched;
      // Not awaited: a codex that does not read its input must not delay its own output.
      void agent.writeRaw(prompt).then(
        () => {
          agent.end();
        },
        () => undefined,
      );
      yield* this.#tools.join(this.#read(agent.lines, redact));
      if (this.#unreadable !== null) throw this.#unreadable;
      if (!this.#ended) yield* this.#endWithoutEvent();
      await this.#waitForExit();
    } finally {
      await this.#tools.end();
      await this.#removeFiles();
    }
  }

  /** Sends SIGINT. Codex cleans up and emits no event. */
  async interrupt(): Promise<void> {
    this.#interrupted = true;
    this.#halt.abort();
    await this.#stop();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Returns null if the turn was interrupted before the process started. */
  async #launch(inForce: ThreadOptions): Promise<LaunchedCodex | null> {
    const { options, spec, client, threadId, guard } = this.#options;
    const binary = await this.#locate();
    if (binary === null) return null;
    const endpoint = await this.#tools.serve();
    if (spec.outputSchema !== null) this.#schema = await writeSchemaFile(spec.outputSchema, this.#options.watchdog);
    const marker = createRunMarker();
    const profile = `codexkit-${randomUUID()}`;
    const { args, secrets } = toExecArguments({
      marker,
      profile,
      client,
      threadId,
      options: inForce,
      guarded: guard.toConfig(inForce),
      imagePaths: imagesOf(spec.input),
      emptyPrompt: promptOf(spec.input) === "",
      schemaPath: this.#schema?.path ?? null,
      toolsUrl: endpoint?.url ?? null,
    });
    if (this.#isClosing()) throw new TransportClosedError("The turn was closed before it started.");
    if (this.#isInterrupted()) return null;
    if (secrets !== null) {
      this.#profile = await writeProfileFile(
        { name: profile, secrets, env: this.#options.env },
        this.#options.watchdog,
      );
    }
    const set: Record<string, string> = {
      ...(client.apiKey === undefined ? {} : { CODEX_API_KEY: client.apiKey }),
      ...(endpoint === null ? {} : { [tokenVariable]: endpoint.token }),
    };
    const how = { transport: "exec", graceful: "SIGINT" } as const;
    const guarded = guard.environment(binary, inForce);
    this.#launched = await launchCodex({ ...this.#options, ...how, binary, args, marker, set, guarded });
    this.#launched.protect(options);
    if (this.#isClosing() || this.#isInterrupted()) await this.#stop();
    return this.#launched;
  }

  /** Returns null if the turn is interrupted meanwhile. Reading the version may take long, and other turns may wait for it. */
  async #locate(): Promise<LocatedBinary | null> {
    try {
      return await this.#options.binary(this.#halt.signal);
    } catch (error) {
      if (this.#isInterrupted()) return null;
      throw error;
    }
  }

  /** A method, because the value may change during each wait. */
  #isClosing(): boolean {
    return this.#closing !== null;
  }

  #isInterrupted(): boolean {
    return this.#interrupted;
  }

  async *#read(
    lines: AsyncIterable<readonly Line[]>,
    redact: Redact,
  ): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    const decoder = createExecDecoder({ threadId: this.#threadId, keepRaw: this.#options.client.keepRaw === true });
    for await (const batch of lines) {
      // Codex has read its configuration before its first line. No command of the model must find the secrets.
      await this.#profile?.remove();
      this.#profile = null;
      const messages: TurnMessage[] = [];
      for (const { text, truncated } of batch) {
        if (this.#ended) continue;
        const event = redactEvent(decoder.decode(text, truncated), redact);
        this.#note(event);
        // An end without the final answer is no end.
        if (event.type !== "turn.completed" || this.#unreadable === null) messages.push({ kind: "event", event });
      }
      if (messages.length > 0) yield messages;
      if (this.#ended) return;
    }
  }

  #note(event: ThreadEvent): void {
    if (event.type === "thread.started") this.#noteThread(event.threadId);
    if (event.type === "error") this.#lastError = event.error.message;
    if (event.type === "turn.completed") {
      this.#ended = true;
      if (this.#answerDropped && event.turn.status === "completed") {
        this.#unreadable = new ProtocolError("The final answer is a line over the bound of 64 MiB, which was dropped.");
      }
    }
    if (event.type === "item.completed" && event.item.type === "agentMessage") this.#answerDropped = false;
    if (event.type === "codexkit.protocolWarning" && event.truncated) this.#noteDropped(event.preview);
    if (event.type === "codexkit.unknown" && ends.includes(event.method)) {
      this.#ended = true;
      this.#unreadable = new ProtocolError(`The last event of the turn cannot be decoded: ${event.problem ?? ""}`);
    }
  }

  /** Notes a line over the size bound, of which only the beginning is known. */
  #noteDropped(preview: string): void {
    if (/^\{"type":"item\.completed","item":\{"id":"[^"]*","type":"agent_message"/.test(preview))
      this.#answerDropped = true;
    if (!/^\{"type":"turn\.(?:completed|failed)"/.test(preview)) return;
    this.#ended = true;
    this.#unreadable = new ProtocolError(
      "The last event of the turn is a line over the bound of 64 MiB, which was dropped.",
    );
  }

  /** Makes the turn unusable if codex started another thread than the requested one, which has none of its history. */
  #noteThread(threadId: string): void {
    const asked = this.#options.threadId;
    if (asked !== null && threadId !== asked) {
      this.#ended = true;
      this.#unreadable = new ProtocolError(`Codex resumed the thread ${threadId} instead of ${asked}.`);
      return;
    }
    this.#threadId = threadId;
    this.#options.onThreadId(threadId);
  }

  /** Emits the terminal event after `interrupt()`. Throws if the process ended without one for any other reason. */
  async *#endWithoutEvent(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    const reason = await this.#describeExit();
    const ending = { threadId: this.#threadId, lastError: this.#lastError, env: this.#options.env };
    if (!this.#interrupted) throw toExecError(reason, ending);
    const threadId = this.#threadId ?? "";
    yield [
      { kind: "event", event: { type: "turn.completed", threadId, turnId: null, turn: { status: "interrupted" } } },
    ];
  }

  async #describeExit(): Promise<CodexError> {
    const reason = await this.#launched?.agent.describeExit();
    return reason ?? new ProcessExitedError({ code: null, signal: null }, "");
  }

  async #waitForExit(): Promise<void> {
    const agent = this.#launched?.agent;
    if (agent === undefined) return;
    const timer = setTimeout(() => void this.#stop(), exitGraceMs);
    await agent.exited;
    clearTimeout(timer);
    // A command that left its session outlives codex. It must end with the turn.
    await this.#stop();
  }

  async #stop(): Promise<void> {
    await this.#launched?.stop(stopPlans.exec);
  }

  async #close(): Promise<void> {
    // Yields once, so that a running launch sees that the turn is closing.
    await Promise.resolve();
    // The signal ends only the wait for the binary, and an abort is costly.
    if (this.#launched === null) this.#halt.abort();
    await this.#stop();
    await this.#tools.end();
    await this.#removeFiles();
  }

  async #removeFiles(): Promise<void> {
    await Promise.all([this.#schema?.remove(), this.#profile?.remove()]);
  }
}

const ends: readonly string[] = ["turn.completed", "turn.failed"];

/** The state of a thread between its turns. `threadId` is null until the first turn has reported it. */
export interface ExecThreadState {
  readonly threadId: string | null;
  readonly spec: TurnSpec;
  readonly options: ThreadSpec["options"];
  /** Null if the caller set none. */
  readonly tools?: ExecTools | null;
  readonly onThreadId: (id: string) => void;
}
