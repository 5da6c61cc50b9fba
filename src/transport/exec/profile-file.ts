import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "smol-toml";
import type { JsonValue } from "../../internal/json.js";
import type { Watchdog } from "../../process/watchdog/watchdog.js";
import { toTables } from "../config/flatten-config.js";
import { ConfigError } from "../launch/codex-errors.js";
import { codexHomeOf } from "../guard/user-config.js";
import { HomeUnusableError } from "../launch/home-error.js";
import { isError, systemCodeOf } from "../../internal/is-error.js";

export interface ProfileFile {
  /** Idempotent. */
  remove(): Promise<void>;
}

export interface ProfileFileOptions {
  readonly name: string;
  /** Flat configuration. */
  readonly secrets: Readonly<Record<string, JsonValue>>;
  /** The environment of codex, which selects the CODEX_HOME. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Writes a profile that only this user can read to CODEX_HOME, the one folder from which codex exec reads configuration. It
 * is removed when codex has read it, or by the watchdog if the host program dies. Throws a `HomeUnusableError` if this user
 * must not write to the folder, and a `ConfigError` if the file cannot be written for another reason.
 */
export async function writeProfileFile(
  { name, secrets, env }: ProfileFileOptions,
  watchdog: Watchdog,
): Promise<ProfileFile> {
  const own = env["CODEX_HOME"] ?? "";
  const folder = codexHomeOf(env);
  const path = join(folder, `${name}.config.toml`);
  const release = watchdog.guardFile(path);
  const remove = async (): Promise<void> => {
    await rm(path, { force: true });
    release();
  };
  try {
    // Codex itself creates only its default folder.
    if (own === "") await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, stringify(toTables(secrets)), { mode: 0o600, flag: "wx" });
  } catch (cause) {
    await remove().catch(() => undefined);
    if (["EACCES", "EPERM", "EROFS"].includes(systemCodeOf(cause) ?? "")) {
      throw new HomeUnusableError(folder, isError(cause) ? cause.message : String(cause), { cause });
    }
    const reason = isError(cause) ? cause.message : String(cause);
    const advice =
      'make the folder writable, name environment variables instead (`env_key`, `bearer_token_env_var`, `env_http_headers`), or use `transport: "app-server"`';
    throw new ConfigError(
      `codexkit passes the secrets of \`config\` to codex exec by a private file in CODEX_HOME, and cannot write it: ${reason}; ${advice}.`,
      { cause },
    );
  }
  return { remove };
}
