import type { Codex } from "../../index.js";
import type { CliHost } from "../cli-host.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** Checks that codex can read its configuration. If it cannot, the app-server uses its defaults and exec fails. */
export async function checkConfig(codex: Codex, signal: AbortSignal): Promise<Check> {
  try {
    await codex.appServer.request("config/read", { includeLayers: false }, { signal, timeoutMs: checkTimeoutMs });
    return { name: "config", status: "ok", summary: "Codex can read its configuration.", details: {} };
  } catch (error) {
    return {
      name: "config",
      status: "fail",
      summary: `Codex cannot read its configuration: ${reasonOf(error)}`,
      advice: "Correct config.toml in CODEX_HOME. Until then codex ignores the whole file or does not start.",
      details: {},
    };
  }
}

/** Checks that codex has a login, and reports its kind. Neither the login nor its owner is printed. */
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
    const summary = `Codex cannot report its login: ${reasonOf(error)}`;
    const advice = "Check that auth.json in CODEX_HOME is readable, or log in again with `codex login`.";
    return { name: "login", status: "fail", summary, advice, details: { account: null, keysInEnvironment: keyNames } };
  }
}

function ok(summary: string, details: Check["details"]): Check {
  return { name: "login", status: "ok", summary, details };
}

function adviceFor(keyNames: readonly string[]): string {
  if (keyNames.length === 0) return "Run `codex login`, or set `apiKey` in `new Codex({ apiKey })`.";
  return `Pass the key, as in \`new Codex({ apiKey: process.env.${keyNames[0] ?? ""} })\`: the app-server reads none from the environment.`;
}
