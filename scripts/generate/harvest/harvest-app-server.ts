import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import { textAt } from "./json-at.js";
import { modelOf, type CodexChild, type CodexRun } from "./codex-run.js";
import type { Scenario, ScenarioTurn } from "./scenarios.js";

export interface AppServerHarvest {
  /** Notifications and requests of the server, as they came. */
  readonly lines: readonly string[];
  /** The results of our requests, each with its method. */
  readonly results: readonly string[];
}

/** Every line of `codex app-server` of a scenario, with the questions worth asking before and after. */
export async function harvestAppServer(run: CodexRun, scenario: Scenario): Promise<AppServerHarvest> {
  const session = new Session(run.spawn(["app-server"]), scenario);
  await session.request("initialize", {
    clientInfo: { name: "codexkit", version: "0.0.0" },
    capabilities: { experimentalApi: true },
  });
  session.send({ method: "initialized" });
  const started = await session.request("thread/start", {
    cwd: run.workTree,
    model: modelOf(scenario),
    sandbox: scenario.sandbox ?? "read-only",
    approvalPolicy: scenario.decision === undefined ? "never" : "on-request",
  });
  const threadId = textAt(started, "thread", "id");
  for (const turn of scenario.turns) await session.runTurn(threadId, turn);
  for (const [method, params] of questions(threadId)) await session.request(method, params);
  await session.close();
  return session;
}

function questions(threadId: string): [method: string, params: object][] {
  return [
    ["thread/backgroundTerminals/list", { threadId }],
    ["thread/backgroundTerminals/clean", { threadId }],
    ["thread/read", { threadId, includeTurns: true }],
    ["thread/list", { limit: 5 }],
    ["thread/turns/list", { threadId }],
    ["thread/items/list", { threadId }],
    ["thread/fork", { threadId, excludeTurns: true }],
    ["thread/resume", { threadId }],
    ["model/list", {}],
    ["account/read", {}],
    ["account/login/start", { type: "apiKey", apiKey: "sk-fake" }],
    ["account/logout", {}],
    ["config/read", {}],
    ["thread/unsubscribe", { threadId }],
  ];
}

class Session implements AppServerHarvest {
  readonly lines: string[] = [];
  readonly results: string[] = [];
  readonly #child: CodexChild;
  readonly #scenario: Scenario;
  readonly #pending = new Map<number, (message: JsonObject) => void>();
  #onNotification: (message: JsonObject) => void = () => undefined;
  #nextId = 1;
  #reading: Promise<void>;

  constructor(child: CodexChild, scenario: Scenario) {
    this.#child = child;
    this.#scenario = scenario;
    this.#reading = this.#read();
  }

  send(message: object): void {
    this.#child.process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  async request(method: string, params: object): Promise<JsonValue> {
    const id = this.#nextId++;
    const answered = new Promise<JsonObject>((resolve) => this.#pending.set(id, resolve));
    this.send({ id, method, params });
    const { result = null, error } = await answered;
    if (error !== undefined) throw new Error(`${this.#scenario.name}: ${method}: ${JSON.stringify(error)}`);
    this.results.push(JSON.stringify({ method, result }));
    return result;
  }

  async runTurn(threadId: string, turn: ScenarioTurn): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#onNotification = ({ method, params }) => {
        if (method === "turn/completed" && textAt(params, "threadId") === threadId) resolve();
        if (method === "item/started" && textAt(params, "item", "type") === turn.interruptAt?.[0]) {
          void this.request("turn/interrupt", { threadId, turnId: textAt(params, "turnId") });
        }
      };
    });
    await this.request("turn/start", { threadId, input: [{ type: "text", text: turn.prompt }] });
    await ended;
  }

  async close(): Promise<void> {
    this.#child.process.stdin.end();
    await this.#child.exited;
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const line of this.#child.lines) {
      const message = parseJson(line);
      if (!isJsonObject(message)) throw new Error(`not a message: ${line}`);
      const { id, method } = message;
      if (method === undefined) {
        this.#pending.get(Number(id))?.(message);
        continue;
      }
      this.lines.push(line);
      if (id === undefined) this.#onNotification(message);
      else this.send({ id, result: { decision: this.#scenario.decision ?? "decline" } });
    }
  }
}
