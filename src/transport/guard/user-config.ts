import { readFileSync } from "node:fs";
import { homedir, platform } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "smol-toml";
import { asObject, type JsonObject, toJson } from "../../internal/json.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's `config.toml`, as far as the guard needs it. */
export interface UserConfig {
  readonly path: string;
  readonly tables: JsonObject;
}

/** Reads the user's configuration. A file that is missing or invalid has no tables: codex reports it. */
export function readUserConfig(env: Environment): UserConfig {
  const path = join(codexHomeOf(env), "config.toml");
  try {
    return { path, tables: asObject(toJson(parse(readFileSync(path, "utf8")))) };
  } catch {
    return { path, tables: {} };
  }
}

/** Returns the CODEX_HOME that codex uses in this environment. */
export function codexHomeOf(env: Environment): string {
  const own = env["CODEX_HOME"];
  return own === undefined || own === "" ? join(homeOf(env), ".codex") : resolve(own);
}

/** Returns the home folder in this environment. */
export function homeOf(env: Environment): string {
  const home = env[platform() === "win32" ? "USERPROFILE" : "HOME"];
  if (home !== undefined && home !== "") return home;
  try {
    return homedir();
  } catch {
    return "/"; // A user without an entry in the system's list of users.
  }
}
