import type { AppServer } from "../../../src/index.js";
import type { ClientMethodName } from "../../../src/protocol/index.js";
import { message, respond } from "../../../src/testing/index.js";
import type { Probe } from "../probe.js";
import type { ProbeStage } from "../stage.js";

interface Place {
  readonly stage: ProbeStage;
  /** A thread with one turn. */
  readonly threadId: string;
}

interface Ask {
  readonly method: ClientMethodName;
  /** Default: every version. */
  readonly since?: string;
  readonly send: (appServer: AppServer, place: Place) => Promise<unknown>;
}

/** A request without harm: it reads, or it writes into the probe's own folders. */
const asks: readonly Ask[] = [
  { method: "thread/list", send: (to) => to.request("thread/list", { limit: 5 }) },
  { method: "thread/read", send: (to, { threadId }) => to.request("thread/read", { threadId, includeTurns: true }) },
  { method: "thread/turns/list", send: (to, { threadId }) => to.request("thread/turns/list", { threadId }) },
  { method: "thread/items/list", send: (to, { threadId }) => to.request("thread/items/list", { threadId }) },
  { method: "thread/loaded/list", send: (to) => to.request("thread/loaded/list", {}) },
  { method: "thread/name/set", send: (to, { threadId }) => to.request("thread/name/set", { threadId, name: "Probe" }) },
  { method: "thread/fork", send: (to, { threadId }) => to.request("thread/fork", { threadId }) },
  {
    method: "thread/goal/set",
    send: (to, { threadId }) => to.request("thread/goal/set", { threadId, objective: "Work" }),
  },
  { method: "thread/goal/get", send: (to, { threadId }) => to.request("thread/goal/get", { threadId }) },
  { method: "thread/goal/clear", send: (to, { threadId }) => to.request("thread/goal/clear", { threadId }) },
  {
    method: "thread/backgroundTerminals/list",
    send: (to, { threadId }) => to.request("thread/backgroundTerminals/list", { threadId }),
  },
  {
    method: "thread/backgroundTerminals/clean",
    send: (to, { threadId }) => to.request("thread/backgroundTerminals/clean", { threadId }),
  },
  { method: "thread/search", send: (to) => to.request("thread/search", { searchTerm: "hello" }) },
  { method: "thread/resume", send: (to, { threadId }) => to.request("thread/resume", { threadId }) },
  {
    method: "thread/archive",
    send: async (to, { threadId }) =>
      to.request("thread/archive", { threadId: (await to.request("thread/fork", { threadId })).thread.id }),
  },
  {
    method: "thread/delete",
    send: async (to, { threadId }) =>
      to.request("thread/delete", { threadId: (await to.request("thread/fork", { threadId })).thread.id }),
  },
  { method: "thread/unsubscribe", send: (to, { threadId }) => to.request("thread/unsubscribe", { threadId }) },
  { method: "threadSection/list", send: (to) => to.request("threadSection/list", {}) },
  { method: "project/list", send: (to) => to.request("project/list", {}) },
  { method: "model/list", send: (to) => to.request("model/list", {}) },
  { method: "modelProvider/capabilities/read", send: (to) => to.request("modelProvider/capabilities/read", {}) },
  { method: "modelProvider/list", since: "0.169.0", send: (to) => to.request("modelProvider/list", {}) },
  { method: "collaborationMode/list", send: (to) => to.request("collaborationMode/list", {}) },
  { method: "permissionProfile/list", send: (to) => to.request("permissionProfile/list", {}) },
  { method: "account/read", send: (to) => to.request("account/read", {}) },
  {
    method: "account/login/start",
    send: (to) => to.request("account/login/start", { type: "apiKey", apiKey: "sk-scripted-0000" }),
  },
  { method: "account/logout", send: (to) => to.request("account/logout", undefined) },
  { method: "getAuthStatus", send: (to) => to.request("getAuthStatus", { includeToken: false, refreshToken: false }) },
  { method: "config/read", send: (to) => to.request("config/read", {}) },
  {
    method: "config/value/write",
    send: (to) => to.request("config/value/write", { keyPath: "model", value: "gpt-5.5", mergeStrategy: "replace" }),
  },
  {
    method: "config/batchWrite",
    send: (to) =>
      to.request("config/batchWrite", { edits: [{ keyPath: "model", value: "gpt-5.5", mergeStrategy: "replace" }] }),
  },
  { method: "config/mcpServer/reload", send: (to) => to.request("config/mcpServer/reload", undefined) },
  { method: "configRequirements/read", send: (to) => to.request("configRequirements/read", undefined) },
  { method: "experimentalFeature/list", send: (to) => to.request("experimentalFeature/list", {}) },
  { method: "externalAgentConfig/detect", send: (to) => to.request("externalAgentConfig/detect", {}) },
  { method: "mcpServerStatus/list", send: (to) => to.request("mcpServerStatus/list", {}) },
  { method: "skills/list", send: (to, { stage }) => to.request("skills/list", { cwds: [stage.workTree] }) },
  { method: "hooks/list", send: (to, { stage }) => to.request("hooks/list", { cwds: [stage.workTree] }) },
  {
    method: "command/exec",
    send: (to, { stage }) => to.request("command/exec", { command: ["echo", "hi"], cwd: stage.workTree }),
  },
  {
    method: "fs/writeFile",
    send: (to, { stage }) => to.request("fs/writeFile", { path: `${stage.workTree}/a`, dataBase64: "aGk=" }),
  },
  { method: "fs/readFile", send: (to, { stage }) => to.request("fs/readFile", { path: `${stage.workTree}/a` }) },
  { method: "fs/getMetadata", send: (to, { stage }) => to.request("fs/getMetadata", { path: `${stage.workTree}/a` }) },
  {
    method: "fs/copy",
    send: (to, { stage }) =>
      to.request("fs/copy", { sourcePath: `${stage.workTree}/a`, destinationPath: `${stage.workTree}/b` }),
  },
  { method: "fs/remove", send: (to, { stage }) => to.request("fs/remove", { path: `${stage.workTree}/b` }) },
  {
    method: "fs/createDirectory",
    send: (to, { stage }) => to.request("fs/createDirectory", { path: `${stage.workTree}/c` }),
  },
  { method: "fs/readDirectory", send: (to, { stage }) => to.request("fs/readDirectory", { path: stage.workTree }) },
  {
    method: "fuzzyFileSearch",
    send: (to, { stage }) =>
      to.request("fuzzyFileSearch", { query: "a", roots: [stage.workTree], cancellationToken: null }),
  },
  { method: "server/diagnostics", send: (to) => to.request("server/diagnostics", {}) },
  { method: "windowsSandbox/readiness", send: (to) => to.request("windowsSandbox/readiness", undefined) },
];

/** Requests of one subject share a thread. The answer of each has the declared shape, or the request rejects. */
const subjects = ["thread", "project", "model", "account", "config", "other"];

function subjectOf({ method }: Ask): string {
  return subjects.find((subject) => method.startsWith(subject)) ?? "other";
}

function requestProbe(
  id: string,
  { since, chosen }: { readonly since?: string; readonly chosen: readonly Ask[] },
): Probe {
  return {
    id: `requests.${id}`,
    feature: "raw requests",
    transports: ["app-server"],
    ...(since === undefined ? {} : { since }),
    model: () => [respond(message("Hello."))],
    play: async (stage) => {
      const thread = stage.thread();
      await thread.run("Say hello");
      const refused: string[] = [];
      for (const { method, send } of chosen) {
        await send(stage.codex.appServer, { stage, threadId: thread.id ?? "" }).catch((error: unknown) => {
          refused.push(`${method}: ${String(error)}`);
        });
      }
      return refused;
    },
    expected: [],
  };
}

const recent = [...new Set(asks.flatMap(({ since }) => since ?? []))];

/** The typed requests of the protocol. */
export const requestProbes: readonly Probe[] = [
  ...subjects.map((subject) =>
    requestProbe(subject, { chosen: asks.filter((ask) => ask.since === undefined && subjectOf(ask) === subject) }),
  ),
  ...recent.map((since) =>
    requestProbe(`since-${since}`, { since, chosen: asks.filter((ask) => ask.since === since) }),
  ),
];
