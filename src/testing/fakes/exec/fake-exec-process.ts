import { asObject, toJson, type JsonObject } from "../../../internal/json.js";
import type { IdSource } from "../../model/render-response.js";
import type { RelayProcess } from "../../relay/relay-process.js";
import { ModelRequest } from "../../script/model-request.js";
import type { FakeStep } from "../../script/model-step.js";
import type { Script } from "../../script/script.js";
import { createUuid, FakeThread } from "../turn/fake-thread.js";
import { FakeTurn } from "../turn/fake-turn.js";
import type { TurnPort } from "../turn/turn-port.js";
import { readExecArgv, type ExecArgv } from "./exec-argv.js";
import { ExecLines } from "./exec-lines.js";
import type { ExecRun } from "./exec-run.js";
import { newestCodex } from "../newest-codex.js";

/** The state that the processes of one fake exec share. */
export interface ExecState {
  readonly script: Script<FakeStep | ExecRun>;
  readonly version: string;
  readonly threads: Map<string, FakeThread>;
  readonly knownIds: ReadonlySet<string>;
  readonly modelRequests: ModelRequest[];
  readonly nextId: IdSource;
}

/** One process of the fake exec. */
export class FakeExecProcess {
  readonly #process: RelayProcess;
  readonly #state: ExecState;
  readonly #argv: ExecArgv;
  #turn: FakeTurn | undefined;

  constructor(process: RelayProcess, state: ExecState) {
    this.#process = process;
    this.#state = state;
    this.#argv = readExecArgv(process.argv);
  }

  /** Plays the process to its end. */
  async play(): Promise<void> {
    const next = this.#state.script.peek();
    const readsLater = next?.type === "execRun" && next.actions.some(({ type }) => type === "readStdin");
    if (!readsLater) await this.#readStdin();
    if (next?.type !== "execRun" && this.#failsToResume()) return;
    const step = await this.#take(this.#firstRequest());
    if (step?.type === "execRun") await this.#run(step, readsLater);
    else await this.#playTurn(step);
  }

  /** Handles SIGINT. */
  interrupt(): void {
    this.#turn?.interrupt();
    void this.#process.exit(1);
  }

  async #readStdin(): Promise<void> {
    this.#process.readStdin();
    await this.#process.stdinEnded;
  }

  /** Ends the process with codex's error, before the model is asked, if the thread to resume does not exist. */
  #failsToResume(): boolean {
    const { threads, knownIds } = this.#state;
    const { resume } = this.#argv;
    if (resume === null || resume === "last" || threads.has(resume) || knownIds.has(resume)) return false;
    this.#process.writeStderr(`Error: thread/resume failed: no rollout found for thread id ${resume} (code -32600)\n`);
    void this.#process.exit(1);
    return true;
  }

  /** Returns the first request to the model. It does not create a thread, because an `execRun` has none. */
  #firstRequest(): ModelRequest {
    const { resume } = this.#argv;
    const history = this.#state.threads.get(resume ?? "")?.history ?? [];
    const prompt = { type: "message", role: "user", content: [{ type: "input_text", text: this.#process.stdin }] };
    const headers: Record<string, string> = resume === null ? {} : { "thread-id": resume };
    return new ModelRequest(0, { input: [...history, prompt] }, { headers, key: "fake" });
  }

  async #run({ actions }: ExecRun, readsLater: boolean): Promise<void> {
    for (const action of readsLater ? actions : actions.filter(({ type }) => type !== "readStdin")) {
      if (this.#process.gone.aborted) return;
      if (action.type === "hold") await action.wait(this.#process.gone);
      else if (action.type === "readStdin") await this.#readStdin();
      else await this.#process.perform(action);
    }
    await this.#process.exit(0);
  }

  async #playTurn(first: FakeStep | undefined): Promise<void> {
    const thread = this.#openThread();
    this.#write(JSON.stringify({ type: "thread.started", thread_id: thread.id }));
    const turn = new FakeTurn({
      thread,
      port: this.#createPort(thread, first),
      input: [{ type: "text", text: this.#process.stdin, text_elements: [] }],
    });
    this.#turn = turn;
    this.#process.gone.addEventListener("abort", () => turn.interrupt());
    const outcome = await turn.play();
    await this.#process.exit(outcome === "completed" ? 0 : 1);
  }

  /** Returns the resumed thread of the arguments, or a new one. */
  #openThread(): FakeThread {
    const { version, threads } = this.#state;
    const { resume, model = newestCodex.model, cwd = this.#process.cwd, sandbox } = this.#argv;
    const settings = {
      cwd,
      model,
      modelProvider: "openai",
      effort: null,
      approvalPolicy: "never",
      sandbox: sandbox ?? { type: "readOnly", networkAccess: false },
    } as const;
    const id = resume === "last" ? [...threads.keys()].at(-1) : (resume ?? undefined);
    const known = id === undefined ? undefined : threads.get(id);
    const thread = known ?? new FakeThread({ settings, version, id: id ?? createUuid() });
    thread.settings = settings;
    threads.set(thread.id, thread);
    return thread;
  }

  #createPort(thread: FakeThread, first: FakeStep | undefined): TurnPort {
    const { script, nextId } = this.#state;
    const lines = new ExecLines(thread);
    let isFirst = true;
    const notifyRaw = (method: string, params: JsonObject): void => {
      const line = lines.toLine(method, params);
      if (line !== undefined) this.#write(line);
    };
    return {
      nextId,
      take: async (request) => {
        if (isFirst) {
          isFirst = false;
          return first;
        }
        const step = await this.#take(request);
        if (step?.type !== "execRun") return step;
        script.log.noteViolation("the running turn needs a step, but the script's next entry is an execRun");
        return undefined;
      },
      notifyRaw,
      notify: (method, params) => notifyRaw(method, asObject(toJson(params))),
      request: (method) => {
        script.log.noteViolation(`exec cannot send a request to its client: ${method}`);
        return { id: 0, answer: Promise.resolve({ error: { code: -32600, message: "exec cannot send requests" } }) };
      },
      perform: async (part) => await this.#process.perform(part),
    };
  }

  async #take(request: ModelRequest): Promise<FakeStep | ExecRun | undefined> {
    const { modelRequests, script } = this.#state;
    const numbered = request.withIndex(modelRequests.length);
    modelRequests.push(numbered);
    return await script.take(numbered);
  }

  #write(text: string): void {
    this.#process.writeStdout(`${text}\n`);
  }
}
