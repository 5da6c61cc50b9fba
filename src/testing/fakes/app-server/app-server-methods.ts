import { asObject, asText, type JsonObject } from "../../../internal/json.js";
import type { ClientMethods } from "../../../protocol/generated/methods.js";
import { RpcFailure, type AppServerMethod, type Handled, type RunningAppServer } from "./app-server-method.js";
import { fakeModels } from "./fake-models.js";
import {
  cleanBackground,
  forkThread,
  listBackground,
  resumeThread,
  startThread,
  unsubscribe,
} from "./thread-methods.js";
import { interruptTurn, startTurn, steerTurn } from "./turn-methods.js";

const initialize: AppServerMethod<"initialize"> = (params, server) => {
  if (server.initialized) throw new RpcFailure("Already initialized");
  server.initialized = true;
  const client = asObject(params["clientInfo"]);
  const [name, version] = [asText(client["name"]) ?? "", asText(client["version"]) ?? ""];
  return {
    result: {
      userAgent: `${name}/${server.state.version} (Debian 12.0.0; x86_64) unknown (${name}; ${version})`,
      codexHome: server.codexHome,
      platformFamily: "unix",
      platformOs: "linux",
    },
  };
};

const login: AppServerMethod<"account/login/start"> = (params, server) => {
  if (params["type"] !== "apiKey") throw new RpcFailure("the fake app-server supports only the login by API key");
  return {
    result: { type: "apiKey" },
    after: () => {
      server.account = { type: "apiKey" };
      const completed = { loginId: null, success: true, error: null, onboardingEntrypoint: null };
      server.notify("account/login/completed", completed);
      server.notify("account/updated", { authMode: "apikey", planType: null, reason: null });
    },
  };
};

const readAccount: AppServerMethod<"account/read"> = (_params, { account }) => {
  return { result: { account, userId: null, requiresOpenaiAuth: true, workspaceRouting: null } };
};

const methods: { readonly [Method in keyof ClientMethods]?: AppServerMethod<Method> } = {
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

/** The supported methods. Every other one is unexpected, unless the script contains a reply to it. */
export const appServerMethods: ReadonlyMap<string, (params: JsonObject, server: RunningAppServer) => Handled> = new Map<
  string,
  (params: JsonObject, server: RunningAppServer) => Handled
>([
  ...Object.entries(methods),
  // The type requires every field of the configuration. An absent field has the same effect as `null`.
  ["config/read", () => ({ result: { config: {}, origins: {} } })],
]);
