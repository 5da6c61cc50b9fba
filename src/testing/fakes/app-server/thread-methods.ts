import { asText, type JsonObject } from "../../../internal/json.js";
import { FakeThread, type FakeSettings } from "../turn/fake-thread.js";
import { findThread, RpcFailure, type AppServerMethod, type RunningAppServer } from "./app-server-method.js";
import { fakeModels } from "./fake-models.js";
import { readSettings, readToolNames } from "./read-params.js";
import { newestCodex } from "../newest-codex.js";

export const startThread: AppServerMethod<"thread/start"> = (params, server) => {
  const { version, threads } = server.state;
  const thread = new FakeThread({
    settings: readSettings(params, { ...defaultSettings, cwd: server.cwd }),
    version,
    ephemeral: params["ephemeral"] === true,
    tools: readToolNames(params),
  });
  threads.set(thread.id, thread);
  return openThread(thread, server);
};

/** Restores the settings of a thread. Like codex, it restores workspace-write only if the client sets it again. */
export const resumeThread: AppServerMethod<"thread/resume"> = (params, server) => {
  const thread = findStored(params, server);
  const wasLoaded = server.loaded.has(thread.id);
  if (wasLoaded && thread.ephemeral) throw notStored(thread.id);
  if (!wasLoaded) thread.settings = readSettings(params, withoutWriting(thread.settings));
  server.loaded.add(thread.id);
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
      const tokenUsage = { total, last, modelContextWindow: newestCodex.contextWindow };
      server.notify("thread/tokenUsage/updated", { threadId: thread.id, turnId: lastTurnId, tokenUsage });
    },
  };
};

export const forkThread: AppServerMethod<"thread/fork"> = (params, server) => {
  const { version, threads } = server.state;
  const parent = findStored(params, server);
  if (parent.ephemeral) throw notStored(parent.id);
  const { model, effort } = defaultSettings;
  const settings = readSettings(params, { ...withoutWriting(parent.settings), model, effort });
  const fork = new FakeThread({ settings, version, forkedFrom: parent, ephemeral: params["ephemeral"] === true });
  threads.set(fork.id, fork);
  return openThread(fork, server);
};

export const unsubscribe: AppServerMethod<"thread/unsubscribe"> = (params, server) => {
  findThread(params, server);
  return { result: { status: "unsubscribed" } };
};

export const listBackground: AppServerMethod<"thread/backgroundTerminals/list"> = (params, server) => {
  const commands = [...findThread(params, server).background.values()];
  const data = commands.map(({ itemId, processId, command, cwd }) => {
    return { itemId, processId, command, cwd, osPid: null, cpuPercent: null, rssKb: null };
  });
  return { result: { data, nextCursor: null } };
};

export const cleanBackground: AppServerMethod<"thread/backgroundTerminals/clean"> = (params, server) => {
  const thread = findThread(params, server);
  return {
    result: {},
    after: () => {
      for (const command of thread.background.values()) command.end();
    },
  };
};

function openThread(thread: FakeThread, server: RunningAppServer): ReturnType<AppServerMethod<"thread/start">> {
  server.loaded.add(thread.id);
  return {
    result: thread.toStartResponse(),
    after: () => server.notify("thread/started", { thread: thread.toThread() }),
  };
}

/** Returns the thread that `params` name, whether this process has loaded it or not. */
function findStored(params: JsonObject, { state }: RunningAppServer): FakeThread {
  const id = asText(params["threadId"]) ?? "";
  const thread = state.threads.get(id);
  if (thread === undefined) throw notStored(id);
  return thread;
}

function notStored(id: string): RpcFailure {
  return new RpcFailure(`no rollout found for thread id ${id}`);
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
