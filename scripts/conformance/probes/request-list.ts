import type { AppServer } from "../../../src/index.js";
import type { ClientMethodName } from "../../../src/protocol/index.js";
import type { ProbeStage } from "../stage.js";

interface Place {
  readonly stage: ProbeStage;
  /** A thread with one turn. */
  readonly threadId: string;
}

/** One request, which is sent in a thread with one turn. */
export interface Ask {
  readonly method: ClientMethodName;
  /** Default: every version. */
  readonly since?: string;
  readonly send: (appServer: AppServer, place: Place) => Promise<unknown>;
}

const userMessage = { type: "message", role: "user", content: [{ type: "input_text", text: "Injected." }] };

/** Requests without harm: they read, or they write into the probe's own folders. */
export const asks: readonly Ask[] = [
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
  {
    method: "thread/metadata/update",
    send: (to, { threadId }) => to.request("thread/metadata/update", { threadId, gitInfo: { branch: "main" } }),
  },
  {
    method: "thread/memoryMode/set",
    send: (to, { threadId }) => to.request("thread/memoryMode/set", { threadId, mode: "disabled" }),
  },
  {
    method: "thread/settings/update",
    send: (to, { threadId }) => to.request("thread/settings/update", { threadId }),
  },
  {
    method: "thread/inject_items",
    send: (to, { threadId }) => to.request("thread/inject_items", { threadId, items: [userMessage] }),
  },
  { method: "thread/timeline/list", send: (to, { threadId }) => to.request("thread/timeline/list", { threadId }) },
  { method: "thread/queue/list", send: (to, { threadId }) => to.request("thread/queue/list", { threadId }) },
  { method: "thread/attachment/list", send: (to, { threadId }) => to.request("thread/attachment/list", { threadId }) },
  {
    method: "thread/searchOccurrences",
    send: (to, { threadId }) => to.request("thread/searchOccurrences", { threadId, searchTerm: "Hello" }),
  },
  {
    method: "thread/increment_elicitation",
    send: (to, { threadId }) => to.request("thread/increment_elicitation", { threadId }),
  },
  {
    method: "thread/decrement_elicitation",
    send: (to, { threadId }) => to.request("thread/decrement_elicitation", { threadId }),
  },
  { method: "thread/realtime/listVoices", send: (to) => to.request("thread/realtime/listVoices", {}) },
  {
    method: "thread/unarchive",
    send: async (to, { threadId }) => {
      const copy = (await to.request("thread/fork", { threadId })).thread.id;
      await to.request("thread/archive", { threadId: copy });
      return to.request("thread/unarchive", { threadId: copy });
    },
  },
  { method: "threadSection/create", send: (to) => to.request("threadSection/create", { name: "One" }) },
  {
    method: "threadSection/update",
    send: async (to) => {
      const section = (await to.request("threadSection/list", {})).data.find(({ name }) => name === "One");
      return to.request("threadSection/update", { sectionId: section?.id ?? "", name: "One" });
    },
  },
  {
    method: "threadSection/delete",
    send: async (to) => {
      const section = (await to.request("threadSection/list", {})).data.find(({ name }) => name === "One");
      return to.request("threadSection/delete", { sectionId: section?.id ?? "" });
    },
  },
  { method: "memory/status", send: (to) => to.request("memory/status", {}) },
  { method: "memory/reset", send: (to) => to.request("memory/reset", undefined) },
  { method: "mock/experimentalMethod", send: (to) => to.request("mock/experimentalMethod", { value: "x" }) },
  { method: "userVerification/status", send: (to) => to.request("userVerification/status", {}) },
  { method: "remoteControl/status/read", send: (to) => to.request("remoteControl/status/read", undefined) },
  { method: "accountSession/list", since: "0.166.0", send: (to) => to.request("accountSession/list", {}) },
  { method: "plugin/list", send: (to) => to.request("plugin/list", {}) },
  { method: "plugin/installed", send: (to) => to.request("plugin/installed", {}) },
  { method: "app/list", send: (to) => to.request("app/list", {}) },
  {
    method: "experimentalFeature/enablement/set",
    send: (to) => to.request("experimentalFeature/enablement/set", { enablement: {} }),
  },
  { method: "skills/extraRoots/set", send: (to) => to.request("skills/extraRoots/set", { extraRoots: [] }) },
  {
    method: "externalAgentConfig/import/readHistories",
    send: (to) => to.request("externalAgentConfig/import/readHistories", undefined),
  },
  {
    method: "fs/watch",
    send: (to, { stage }) => to.request("fs/watch", { watchId: "one", path: stage.workTree }),
  },
  { method: "fs/unwatch", send: (to) => to.request("fs/unwatch", { watchId: "one" }) },
  {
    method: "fuzzyFileSearch/sessionStart",
    send: (to, { stage }) => to.request("fuzzyFileSearch/sessionStart", { sessionId: "one", roots: [stage.workTree] }),
  },
  {
    method: "fuzzyFileSearch/sessionUpdate",
    send: (to) => to.request("fuzzyFileSearch/sessionUpdate", { sessionId: "one", query: "a" }),
  },
  {
    method: "fuzzyFileSearch/sessionStop",
    send: (to) => to.request("fuzzyFileSearch/sessionStop", { sessionId: "one" }),
  },
  {
    method: "getConversationSummary",
    send: (to, { threadId }) => to.request("getConversationSummary", { conversationId: threadId }),
  },
  // The last one of the thread: codex unloads it.
  { method: "thread/unsubscribe", send: (to, { threadId }) => to.request("thread/unsubscribe", { threadId }) },
];
