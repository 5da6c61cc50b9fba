import type { Codex } from "../../index.js";
import type { CliHost } from "../cli-host.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** Whether codex can read its configuration: the app-server goes on with its defaults where it cannot, exec does not. */
export async function checkConfig(codex: Codex, signal: AbortSignal): Promise<Check> {
  try {
    await codex.appServer.request("config/read", { includeLayers: false }, { signal, timeoutMs: checkTimeoutMs });
    return { name: "config", status: "ok", summary: "Codex can read its configuration.", details: {} };
  } catch (error) {
    return {
      name: "config",
      status: "fail",
      summary: `Codex cannot read its configuration: ${reasonOf(error)}`,
      advice: "Correct config.toml in CODEX_HOME: codex ignores all of it until then, or does not start.",
      details: {},
    };
  }
}

/** Whether codex has a login, and of which kind. The login itself is never printed, nor whose it is. */
export async function checkLogin(codex: Codex, { env, signal }: CliHost): Promise<Check> {
  const keyNames = ["CODEX_API_KEY", "OPENAI_API_KEY"].filter((name) => (env[name] ?? "") !== "");
  try {
    const request = codex.appServer.request("account/read", {}, { signal, timeoutMs: checkTimeoutMs });
    const { account, requiresOpenaiAuth } = await request;
    const details = { account: account?.type ?? null, requiresOpenaiAuth, keysInEnvironment: keyNames };
    if (account !== null) return ok(`Codex is logged in (${account.type}).`, details);
    if (!requiresOpenaiAuth) return ok("Codex is configured for a provider that needs no OpenAI login.", details);
    const summary = `Codex is not logged in${keyNames.length === 0 ? "" : `; ${keyNames.join(" and ")} is set`}.`;
    return { name: "login", status: "warn", summary, advice: adviceFor(keyNames), details };
  } catch (error) {
    const summary = `Codex does not tell whether it is logged in: ${reasonOf(error)}`;
    const advice = "See that auth.json in CODEX_HOME can be read, or log in again with `codex login`.";
    return { name: "login", status: "fail", summary, advice, details: { account: null, keysInEnvironment: keyNames } };
  }
}

function ok(summary: string, details: Check["details"]): Check {
  return { name: "login", status: "ok", summary, details };
}

function adviceFor(keyNames: readonly string[]): string {
  if (keyNames.length === 0) return "Run `codex login`, or give `new Codex({ apiKey })` a key.";
  return `Hand the key over, as \`new Codex({ apiKey: process.env.${keyNames[0] ?? ""} })\`: the app-server reads none from the environment.`;
}
