import type { Codex } from "../index.js";
import { CliError } from "./cli-error.js";

export interface RequireLoginOptions {
  readonly signal: AbortSignal;
  /** An alternative to a login, for the error message. */
  readonly advice?: string;
}

/**
 * Throws a `CliError` if codex needs a login and has none: codex would repeat its failing requests to the service.
 * Needs the app-server.
 */
export async function requireLogin(codex: Codex, { signal, advice }: RequireLoginOptions): Promise<void> {
  const { account, requiresOpenaiAuth } = await codex.appServer.request("account/read", {}, { signal });
  if (account !== null || !requiresOpenaiAuth) return;
  throw new CliError("environment", "Codex is not logged in, so it cannot use the real model.", {
    advice: ["Run `codex login`, or set CODEX_API_KEY.", ...(advice === undefined ? [] : [advice])].join(" "),
  });
}
