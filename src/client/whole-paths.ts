import { isAbsolute } from "node:path";
import { resolveOption } from "../internal/host-directory.js";
import type { TransportOptions } from "../transport/options/options.js";

/** Resolves a relative path to the binary now, because `process.chdir()` may change its meaning before codex starts. */
export function withWholeBinary(client: TransportOptions): TransportOptions {
  const { codexPathOverride, env } = client;
  if (codexPathOverride !== undefined) {
    return isRelativePath(codexPathOverride)
      ? { ...client, codexPathOverride: resolveOption("codexPathOverride", codexPathOverride) }
      : client;
  }
  const { CODEX_PATH } = { ...process.env, ...env };
  if (CODEX_PATH === undefined || !isRelativePath(CODEX_PATH)) return client;
  return { ...client, env: { ...(env ?? process.env), CODEX_PATH: resolveOption("CODEX_PATH", CODEX_PATH) } };
}

/** Resolves a relative CODEX_HOME for the same reason. */
export function withWholeHome(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const { CODEX_HOME = "" } = env;
  return CODEX_HOME === "" || isAbsolute(CODEX_HOME)
    ? env
    : { ...env, CODEX_HOME: resolveOption("CODEX_HOME", CODEX_HOME) };
}

/** A name without a separator is searched on PATH. */
function isRelativePath(path: string): boolean {
  return /[\\/]/.test(path) && !isAbsolute(path);
}
