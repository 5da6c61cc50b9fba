import { isJsonObject, parseJson, type JsonObject } from "../../../internal/json.js";
import { createUuid, FakeThread } from "../turn/fake-thread.js";
import { readExecArgv } from "./exec-argv.js";
import { ExecLines } from "./exec-lines.js";
import type { ExecRun } from "./exec-run.js";
import type { FakeStep } from "../../script/fake-parts.js";
import type { RelayProcess } from "../../relay/relay-process.js";
import { FakeTurn, type TurnOutcome } from "../turn/fake-turn.js";
import { ModelRequest } from "../../script/model-request.js";
import { performPart } from "../../relay/perform-part.js";
import type { IdSource } from "../../model/render-response.js";
import type { Script } from "../../script/script.js";
import type { TurnPort } from "../turn/turn-port.js";

/** What the processes of one fake exec share. */
export interface ExecWorld {
  readonly script: Script<FakeStep | ExecRun>;
  readonly version: string;
  readonly threads: Map<string, FakeThread>;
  readonly knownIds: ReadonlySet<string>;
  readonly modelRequests: ModelRequest[];
  readonly nextId: IdSource;
}

/** Plays one process of the fake exec. */
export class FakeExecProcess {
  readonly #process: RelayProcess;
  readonly #world: ExecWorld;
  #turn: FakeTurn | undefined;

  constructor(process: RelayProcess, world: ExecWorld) {
    this.#process = process;
    this.#world = world;
  }

  /** Plays to the end of the process. */
  async play(): Promise<void> {
    const next = this.#world.script.peek();
    const readsLater = next?.type === "execRun" && next.actions.some(({ type }) => type === "readStdin");
    if (!readsLater) await this.#readStdin();
    if (next?.type !== "execRun" && this.#failsToResume()) return;
    const step = await this.#take(this.#firstRequest());
    if (step?.type === "execRun") await this.#run(step, readsLater);
    else await this.#playTurn(step);
  }

  /** Where codex would not find the thread, the process fails as codex does, before the model is asked. */
  #failsToResume(): boolean {
    const { threads, knownIds } = this.#world;
    const { resume } = readExecArgv(this.#process.argv);
    if (resume === null || resume === "last" || threads.has(resume) || knownIds.has(resume)) return false;
    this.#process.writeStderr(`Error: thread/resume failed: no rollout found for thread id ${resume} (code -32600)\n`);
    void this.#process.exit(1);
    return true;
  }

  /** What SIGINT does. */
  interrupt(): void {
    this.#turn?.interrupt();
    void this.#process.exit(1);
  }

  async #readStdin(): Promise<void> {
    this.#process.readStdin();
    await this.#process.stdinEnded;
  }

  async #run({ actions }: ExecRun, readsLater: boolean): Promise<void> {
    for (const action of readsLater ? actions : actions.filter(({ type }) => type !== "readStdin")) {
      if (this.#process.gone.aborted) return;
      if (action.type === "hold") await action.wait(this.#process.gone);
      else if (action.type === "readStdin") await this.#readStdin();
      else await performPart(this.#process, action);
    }
    await this.#process.exit(0);
  }

  async #playTurn(first: FakeStep | undefined): Promise<void> {
    const thread = this.#openThread();
    this.#write(JSON.stringify({ type: "thread.started", thread_id: thread.id }));
    const text = this.#process.stdin;
    const turn = new FakeTurn({
      thread,
      port: this.#createPort(thread, first),
      input: [{ type: "text", text, text_elements: [] }],
    });
    this.#turn = turn;
    this.#process.gone.addEventListener("abort", () => turn.interrupt());
    const outcome: TurnOutcome = await turn.play();
    await this.#process.exit(outcome === "completed" ? 0 : 1);
  }

  /** The thread of the arguments. */
  #openThread(): FakeThread {
    const { version, threads } = this.#world;
    const { resume, model = "gpt-6.1-sol", cwd = this.#process.cwd, sandbox } = readExecArgv(this.#process.argv);
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
    const lines = new ExecLines(thread);
    let isFirst = true;
    const notifyRaw = (method: string, params: JsonObject): void => {
      const line = lines.toLine(method, params);
      if (line !== undefined) this.#write(line);
    };
    return {
      nextId: this.#world.nextId,
      take: async (request) => {
        if (isFirst) {
          isFirst = false;
          return first;
        }
        const step = await this.#take(request);
        if (step?.type !== "execRun") return step;
        this.#world.script.noteViolation("an execRun stands where the running turn needs a step");
        return undefined;
      },
      notifyRaw,
      notify: (method, params) => {
        const json = parseJson(JSON.stringify(params));
        if (isJsonObject(json)) notifyRaw(method, json);
      },
      request: (method) => {
        this.#world.script.noteViolation(`exec cannot ask its client anything: ${method}`);
        return { id: 0, answer: Promise.resolve({ error: { code: -32600, message: "exec cannot ask" } }) };
      },
      perform: async (part) => await performPart(this.#process, part),
    };
  }

  async #take(request: ModelRequest): Promise<FakeStep | ExecRun | undefined> {
    const { modelRequests, script } = this.#world;
    const numbered = request.withIndex(modelRequests.length);
    modelRequests.push(numbered);
    return await script.take(numbered);
  }

  /** What the model would be asked first; taken before the thread is there, as a run needs none. */
  #firstRequest(): ModelRequest {
    const { resume } = readExecArgv(this.#process.argv);
    const history = this.#world.threads.get(resume ?? "")?.history ?? [];
    const prompt = { type: "message", role: "user", content: [{ type: "input_text", text: this.#process.stdin }] };
    const headers: Record<string, string> = resume === null ? {} : { "thread-id": resume };
    return new ModelRequest(0, { input: [...history, prompt] }, { headers, key: "fake" });
  }

  #write(text: string): void {
    this.#process.writeStdout(`${text}\n`);
  }
}
