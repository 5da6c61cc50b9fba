import { locateBinary, type LocatedBinary } from "../process/locate/locate-binary.js";
import type { TransportOptions } from "../transport/options/options.js";

/** What `resolveCodex()` takes: the two client options that decide which binary is used. */
export type ResolveCodexOptions = Pick<TransportOptions, "codexPathOverride" | "env">;

/** The codex binary that a client would start, and how. */
export type ResolvedCodex = LocatedBinary;

/**
 * Finds the codex binary as `new Codex()` with the same options would, without starting it: `codexPathOverride`, then
 * `CODEX_PATH`, the npm package `@openai/codex`, and `PATH`. `CODEX_PATH` and `PATH` are read from the process's own
 * environment with `env` laid over it. Start it as `command` with `args` before codex's own arguments and `pathDirs` in
 * front of `PATH`.
 *
 * @throws BinaryNotFoundError - nowhere; `tried` lists each place with the reason.
 * @throws BinaryNotExecutableError - the named file cannot be started.
 *
 * @example
 * ```ts
 * import { resolveCodex } from "codexkit";
 *
 * const { path, source } = resolveCodex();
 * console.log(`${path} (found by ${source})`);
 * ```
 */
export function resolveCodex({ codexPathOverride, env = {} }: ResolveCodexOptions = {}): ResolvedCodex {
  // A bundle may know no place of its own, or only the one where it was made (webpack): then the program's.
  const packageRoots = [process.argv[1], process.cwd()].filter((root) => root !== undefined);
  return locateBinary({ codexPathOverride, env: { ...process.env, ...env }, packageRoots });
}
