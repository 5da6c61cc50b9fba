import type { Codex } from "../index.js";
import { CliError } from "./cli-error.js";

export interface RequireLoginOptions {
  readonly signal: AbortSignal;
  /** What else can be done than to log in. */
  readonly advice?: string;
}

/**
 * Throws a `CliError` where codex has no login and needs one: without one it would ask the service again and again.
 * Needs the app-server.
 */
export async function requireLogin(codex: Codex, { signal, advice }: RequireLoginOptions): Promise<void> {
  const { account, requiresOpenaiAuth } = await codex.appServer.request("account/read", {}, { signal });
  if (account !== null || !requiresOpenaiAuth) return;
  throw new CliError("environment", "Codex is not logged in, so there is no real model to ask.", {
    advice: ["Run `codex login`, or set CODEX_API_KEY.", ...(advice === undefined ? [] : [advice])].join(" "),
  });
}
