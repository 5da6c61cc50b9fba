import { locateBinary, type LocatedBinary } from "../process/locate/locate-binary.js";
import { hostDirectory } from "../internal/host-directory.js";
import type { TransportOptions } from "../transport/options/options.js";

/** Options of `resolveCodex()`: the two client options that select the binary. */
export type ResolveCodexOptions = Pick<TransportOptions, "codexPathOverride" | "env">;

/** The codex binary that a client would start, and its command. */
export type ResolvedCodex = LocatedBinary;

/**
 * Finds the codex binary as `new Codex()` with the same options would, without starting it: `codexPathOverride`, then
 * `CODEX_PATH`, the npm package `@openai/codex`, and `PATH`. `CODEX_PATH` and `PATH` are read from the process's own
 * environment, overridden by `env`. To start codex, run `command` with `args` before codex's own arguments, and with
 * `pathDirs` at the beginning of `PATH`.
 *
 * @throws BinaryNotFoundError - no place has a binary; `tried` lists each place with the reason.
 * @throws BinaryNotExecutableError - the configured file cannot be started.
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
  // A bundle may have no location of its own, or only the one on the machine that built it (webpack).
  const packageRoots = [process.argv[1], hostDirectory()].filter((root) => typeof root === "string");
  return locateBinary({ codexPathOverride, env: { ...process.env, ...env }, packageRoots });
}
