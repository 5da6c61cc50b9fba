import { OptionError } from "../../errors/option-error.js";
import type { JsonObject, JsonValue } from "../../internal/json.js";
import type { CodexConfigObject, TransportOptions } from "../options/options.js";
import { flattenConfig } from "./flatten-config.js";

/**
 * The sections of codex's configuration that its app-server reads once, when its process starts. It ignores them in the
 * configuration of a thread.
 */
const startSections: ReadonlySet<string> = new Set([
  ...["otel", "log_dir", "sqlite_home"],
  ...["cli_auth_credentials_store", "forced_login_method", "forced_chatgpt_workspace_id"],
]);

/** Returns the flat configuration of the client that the app-server must have when it starts. */
export function startConfig({ config = {} }: TransportOptions): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(flattenConfig(config)).filter(([path]) => isStartPath(path)));
}

/** Returns the configuration without the parts that the app-server must have when it starts. */
export function withoutStartConfig(config: CodexConfigObject = {}): CodexConfigObject {
  return Object.fromEntries(Object.entries(config).filter(([path]) => !isStartPath(path)));
}

/** Throws an `OptionError` for configuration of a thread that the app-server would ignore. */
export function refuseStartConfig(config: JsonObject = {}): void {
  const path = Object.keys(config).find(isStartPath);
  if (path === undefined) return;
  const message = `The option \`config\` of a thread contains \`${path}\`, which codex's app-server reads only when it starts: pass it in \`config\` of \`new Codex()\`, or use \`transport: "exec"\`.`;
  throw new OptionError("INVALID_OPTION", "config", message);
}

function isStartPath(path: string): boolean {
  return startSections.has(path.split(".")[0] ?? "");
}
