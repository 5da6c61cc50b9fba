import { OptionError } from "../../errors/option-error.js";
import { asList, asObject, asObjects, type JsonObject, type JsonValue } from "../../internal/json.js";
import type { ResultOf } from "../../protocol/index.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";
import { valueAt } from "./flatten-config.js";
import { givenConfig } from "./given-config.js";

/**
 * Throws an `OptionError` for a hook in `config` without a trusted hash: codex skips it, without a message. Codex alone can
 * compute a hash, so a wrong one is not found here.
 */
export function checkHooksAreTrusted(client: TransportOptions, options: ThreadOptions): void {
  const flat = givenConfig(client, options);
  const trusted = Object.entries(asObject(valueAt(flat, "hooks.state"))).flatMap(([key, state]) =>
    typeof asObject(state)["trusted_hash"] === "string" ? [key] : [],
  );
  const skipped = hooksIn(flat).filter((hook) => !trusted.some((key) => key.endsWith(hook)));
  if (skipped.length === 0) return;
  const keys = skipped.map((hook) => `"${sessionFile}${hook}"`).join(", ");
  const advice = "A turn with the same `config` on app-server rejects with the hashes.";
  throw refusal(skipped.length, `Set \`trusted_hash\` in \`hooks.state\` for ${keys}. ${advice}`);
}

/** The requests to an app-server that has loaded the thread. */
interface Session {
  call<M extends "hooks/list" | "thread/unsubscribe">(method: M, params: JsonObject): Promise<ResultOf<M>>;
}

/**
 * Throws an `OptionError` for a hook in `config` that codex skips, with the hashes that it demands. Codex unloads the thread
 * first. Sends nothing if there is no hook.
 */
export async function refuseSkippedHooks(
  session: Session,
  threadId: string,
  { client, options }: { readonly client: TransportOptions; readonly options: ThreadOptions },
): Promise<void> {
  if (hooksIn(givenConfig(client, options)).length === 0) return;
  const { data } = await session.call("hooks/list", { threadId });
  const skipped = data
    .flatMap(({ hooks }) => hooks)
    .filter(({ source, enabled }) => source === "sessionFlags" && enabled)
    .filter(({ trustStatus }) => trustStatus === "untrusted" || trustStatus === "modified");
  if (skipped.length === 0) return;
  await session.call("thread/unsubscribe", { threadId });
  const state = Object.fromEntries(skipped.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]));
  const advice = `If you have reviewed them, pass \`config: { hooks: { state: ${JSON.stringify(state)} } }\` as well.`;
  throw refusal(skipped.length, advice);
}

/** The file that codex names as the place of hooks that are passed at a start. */
const sessionFile = "/<session-flags>/config.toml";

/** Returns the keys by which codex stores its trust in the hooks, without their file: `:pre_tool_use:0:0`. */
function hooksIn(flat: Readonly<Record<string, JsonValue>>): readonly string[] {
  return Object.entries(asObject(valueAt(flat, "hooks"))).flatMap(([event, groups]) =>
    asObjects(groups).flatMap((group, at) =>
      asList(group["hooks"]).map((_, index) => `:${toSnakeCase(event)}:${String(at)}:${String(index)}`),
    ),
  );
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/(?<=.)(?=[A-Z])/g, "_").toLowerCase();
}

function refusal(count: number, advice: string): OptionError {
  const hooks = count === 1 ? "a hook" : `${String(count)} hooks`;
  const message = `The option \`config\` contains ${hooks} that codex would skip without a message, because it does not trust them. ${advice}`;
  return new OptionError("INVALID_OPTION", "config", message);
}
