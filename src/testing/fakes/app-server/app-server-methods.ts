import { asObject, type JsonObject } from "../../../internal/json.js";
import type { ClientMethods } from "../../../protocol/generated/methods.js";
import type { AppServerSession } from "./app-server-session.js";
import { contextWindow, FakeThread, type FakeSettings } from "../turn/fake-thread.js";
import { FakeTurn } from "../turn/fake-turn.js";
import { fakeModels } from "./fake-models.js";
import { readInput, readSettings, readText, readToolNames } from "../read-params.js";

/** A request as it is answered: what is sent before the response, the response, and what is started after it. */
export interface Handled<Result = unknown> {
  readonly before?: () => void;
  readonly result: Result;
  readonly after?: () => void;
}

type Handler<Result = unknown> = (params: JsonObject, session: AppServerSession) => Handled<Result>;
type ResultOf<Method extends keyof ClientMethods> = ClientMethods[Method]["result"];

/** A request is answered with an error. */
export class RpcFailure extends Error {
  readonly code: number;

  constructor(message: string, code = -32600) {
    super(message);
    this.code = code;
  }
}

/** The methods that a fake app-server knows. Every other one is unexpected, unless a reply to it is scripted. */
const methods: { readonly [Method in keyof ClientMethods]?: Handler<ResultOf<Method>> } = {
  initialize,
  "thread/start": startThread,
  "thread/resume": resumeThread,
  "thread/fork": forkThread,
  "thread/unsubscribe": unsubscribe,
  "thread/backgroundTerminals/list": listBackground,
  "thread/backgroundTerminals/clean": cleanBackground,
  "turn/start": startTurn,
  "turn/steer": steerTurn,
  "turn/interrupt": interruptTurn,
  "account/login/start": login,
  "account/logout": () => ({ result: {} }),
  "account/read": readAccount,
  "model/list": () => ({ result: { data: fakeModels, nextCursor: null } }),
};

export const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...Object.entries(methods),
  // Every field of the real configuration is required by its type and null in effect.
  ["config/read", () => ({ result: { config: {}, origins: {} } })],
]);

function initialize(params: JsonObject, session: AppServerSession): Handled<ResultOf<"initialize">> {
  if (session.initialized) throw new RpcFailure("Already initialized");
  session.initialized = true;
  const client = asObject(params["clientInfo"]);
  const [name, version] = [readText(client["name"]) ?? "", readText(client["version"]) ?? ""];
  return {
    result: {
      userAgent: `${name}/${session.state.version} (Debian 12.0.0; x86_64) unknown (${name}; ${version})`,
      codexHome: session.codexHome,
      platformFamily: "unix",
      platformOs: "linux",
    },
  };
}

function startThread(params: JsonObject, session: AppServerSession): Handled<ResultOf<"thread/start">> {
  const { version, threads } = session.state;
  const thread = new FakeThread({
    settings: readSettings(params, { ...defaultSettings, cwd: session.cwd }),
    version,
    ephemeral: params["ephemeral"] === true,
    tools: readToolNames(params),
  });
  threads.set(thread.id, thread);
  return openThread(thread, session);
}

function openThread(thread: FakeThread, session: AppServerSession): Handled<ResultOf<"thread/start">> {
  session.loaded.add(thread.id);
  return {
    result: thread.toStartResponse(),
    after: () => session.notify("thread/started", { thread: thread.toThread() }),
  };
}

/** Codex gives a resumed thread its settings back, but workspace-write only where the client asks for it again. */
function resumeThread(params: JsonObject, session: AppServerSession): Handled<ResultOf<"thread/resume">> {
  const id = readText(params["threadId"]) ?? "";
  const thread = session.state.threads.get(id);
  if (thread === undefined) throw new RpcFailure(`no rollout found for thread id ${id}`);
  const wasLoaded = session.loaded.has(id);
  if (wasLoaded && thread.ephemeral) throw new RpcFailure(`no rollout found for thread id ${id}`);
  if (!wasLoaded) thread.settings = readSettings(params, withoutWriting(thread.settings));
  session.loaded.add(id);
  const { total, last, lastTurnId } = thread;
  return {
    result: {
      ...thread.toStartResponse(),
      collaborationMode: thread.toSettings().collaborationMode,
      initialTurnsPage: null,
      turnsBackwardsCursor: null,
      itemsBackwardsCursor: null,
    },
    after: () => {
      if (wasLoaded || lastTurnId === null) return;
      const tokenUsage = { total, last, modelContextWindow: contextWindow };
      session.notify("thread/tokenUsage/updated", { threadId: id, turnId: lastTurnId, tokenUsage });
    },
  };
}

function forkThread(params: JsonObject, session: AppServerSession): Handled<ResultOf<"thread/fork">> {
  const { version, threads } = session.state;
  const id = readText(params["threadId"]) ?? "";
  const parent = threads.get(id);
  if (parent === undefined || parent.ephemeral) throw new RpcFailure(`no rollout found for thread id ${id}`);
  const { model, effort } = defaultSettings;
  const settings = readSettings(params, { ...withoutWriting(parent.settings), model, effort });
  const fork = new FakeThread({ settings, version, forkedFrom: parent, ephemeral: params["ephemeral"] === true });
  threads.set(fork.id, fork);
  return openThread(fork, session);
}

function unsubscribe(params: JsonObject, session: AppServerSession): Handled<ResultOf<"thread/unsubscribe">> {
  findThread(params, session);
  return { result: { status: "unsubscribed" } };
}

function listBackground(
  params: JsonObject,
  session: AppServerSession,
): Handled<ResultOf<"thread/backgroundTerminals/list">> {
  const commands = [...findThread(params, session).background.values()];
  const data = commands.map(({ itemId, processId, command, cwd }) => {
    return { itemId, processId, command, cwd, osPid: null, cpuPercent: null, rssKb: null };
  });
  return { result: { data, nextCursor: null } };
}

function cleanBackground(
  params: JsonObject,
  session: AppServerSession,
): Handled<ResultOf<"thread/backgroundTerminals/clean">> {
  const thread = findThread(params, session);
  return {
    result: {},
    after: () => {
      for (const command of thread.background.values()) command.end();
    },
  };
}

/** On a thread with a running turn it steers, as codex does. */
function startTurn(params: JsonObject, session: AppServerSession): Handled<ResultOf<"turn/start">> {
  const thread = findThread(params, session);
  const input = readInput(params["input"]);
  const running = thread.turn;
  if (running !== undefined) {
    return { result: { turn: running.toTurn("inProgress") }, after: () => running.steer(input) };
  }
  const before = thread.settings;
  thread.settings = readSettings(params, before);
  const isChanged = JSON.stringify(before) !== JSON.stringify(thread.settings);
  const outputSchema = params["outputSchema"] ?? undefined;
  const turn = new FakeTurn({ thread, port: session, input, outputSchema });
  const settings = { threadId: thread.id, threadSettings: thread.toSettings() };
  return {
    before: () => {
      if (isChanged) session.notify("thread/settings/updated", settings);
    },
    result: { turn: { ...turn.toTurn("inProgress"), startedAt: null } },
    after: () => void turn.play(),
  };
}

function steerTurn(params: JsonObject, session: AppServerSession): Handled<ResultOf<"turn/steer">> {
  const turn = findTurn(params, session, { idKey: "expectedTurnId", verb: "steer" });
  const input = readInput(params["input"]);
  return { result: { turnId: turn.id }, after: () => turn.steer(input) };
}

function interruptTurn(params: JsonObject, session: AppServerSession): Handled<ResultOf<"turn/interrupt">> {
  const turn = findTurn(params, session, { idKey: "turnId", verb: "interrupt" });
  return { result: {}, after: () => turn.interrupt() };
}

function login(params: JsonObject, session: AppServerSession): Handled<ResultOf<"account/login/start">> {
  if (params["type"] !== "apiKey") throw new RpcFailure("the fake app-server only knows the login by API key");
  return {
    result: { type: "apiKey" },
    after: () => {
      session.account = { type: "apiKey" };
      const completed = { loginId: null, success: true, error: null, onboardingEntrypoint: null };
      session.notify("account/login/completed", completed);
      session.notify("account/updated", { authMode: "apikey", planType: null });
    },
  };
}

function readAccount(_params: JsonObject, session: AppServerSession): Handled<ResultOf<"account/read">> {
  const { account } = session;
  return { result: { account, userId: null, requiresOpenaiAuth: true, workspaceRouting: null } };
}

const defaultSettings: FakeSettings = {
  cwd: "/",
  model: fakeModels[0]?.model ?? "",
  modelProvider: "openai",
  effort: null,
  approvalPolicy: "on-request",
  sandbox: { type: "readOnly", networkAccess: false },
};

function withoutWriting(settings: FakeSettings): FakeSettings {
  return settings.sandbox.type === "workspaceWrite" ? { ...settings, sandbox: defaultSettings.sandbox } : settings;
}

function findThread(params: JsonObject, session: AppServerSession): FakeThread {
  const id = readText(params["threadId"]) ?? "";
  const thread = session.loaded.has(id) ? session.state.threads.get(id) : undefined;
  if (thread === undefined) throw new RpcFailure(`thread not found: ${id}`);
  return thread;
}

function findTurn(
  params: JsonObject,
  session: AppServerSession,
  { idKey, verb }: { readonly idKey: string; readonly verb: string },
): FakeTurn {
  const { turn } = findThread(params, session);
  if (turn === undefined) throw new RpcFailure(`no active turn to ${verb}`);
  const expected = readText(params[idKey]) ?? "";
  if (turn.id !== expected) throw new RpcFailure(`expected active turn id ${expected} but found ${turn.id}`);
  return turn;
}
