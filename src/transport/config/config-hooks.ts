import { OptionError } from "../../errors/option-error.js";
import { asList, asObject, asObjects, type JsonObject, type JsonValue } from "../../internal/json.js";
import { redactBounded } from "../../internal/secrets/redact-bounded.js";
import { createRedactor } from "../../internal/secrets/redact.js";
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
  const skipped = hooksIn(flat).filter(
    (hook) => !trusted.some((key) => key.includes(sessionFolder) && key.endsWith(hook)),
  );
  if (skipped.length === 0) return;
  const keys = skipped.map((hook) => `"${sessionFile}${hook}"`).join(", ");
  const advice = "A turn with the same `config` on app-server rejects with the hashes.";
  throw refusal(
    skipped.length,
    `, because it does not trust them. Set \`trusted_hash\` in \`hooks.state\` for ${keys}. ${advice}`,
  );
}

/** The requests to an app-server that has loaded the thread. */
interface Session {
  call<M extends "hooks/list" | "thread/unsubscribe">(method: M, params: JsonObject): Promise<ResultOf<M>>;
}

/**
 * Throws an `OptionError` for a hook in `config` that codex skips, with the hashes that it demands or with codex's reasons.
 * Codex unloads the thread first. Sends nothing if there is no hook, or if `config` switches hooks off.
 */
export async function refuseSkippedHooks(
  session: Session,
  threadId: string,
  { client, options }: { readonly client: TransportOptions; readonly options: ThreadOptions },
): Promise<void> {
  const flat = givenConfig(client, options);
  const given = hooksIn(flat);
  if (given.length === 0 || valueAt(flat, "features.hooks") === false) return;
  const { data } = await session.call("hooks/list", { threadId });
  const hooks = data.flatMap((entry) => entry.hooks).filter(({ source }) => source === "sessionFlags");
  const unknown = given.filter((hook) => !hooks.some(({ key }) => key.endsWith(hook)));
  const skipped = hooks.filter(
    ({ enabled, trustStatus }) => enabled && (trustStatus === "untrusted" || trustStatus === "modified"),
  );
  if (unknown.length + skipped.length === 0) return;
  await session.call("thread/unsubscribe", { threadId });
  if (unknown.length > 0) {
    const reported = redactBounded(data.flatMap((entry) => entry.warnings).join("; "), createRedactor());
    const reasons = reported === "" ? "it knows no such event, or hooks are off" : reported;
    throw refusal(unknown.length, ` (${unknown.join(", ")}): ${reasons}. Events are written as \`PreToolUse\`.`);
  }
  const state = Object.fromEntries(skipped.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]));
  const advice = `If you have reviewed them, pass \`config: { hooks: { state: ${JSON.stringify(state)} } }\` as well.`;
  throw refusal(skipped.length, `, because it does not trust them. ${advice}`);
}

/** The folder and the file that codex names as the place of hooks that are passed at a start. */
const sessionFolder = "<session-flags>";
const sessionFile = `/${sessionFolder}/config.toml`;

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

function refusal(count: number, reason: string): OptionError {
  const hooks = count === 1 ? "a hook" : `${String(count)} hooks`;
  const message = `The option \`config\` contains ${hooks} that codex would skip without a message${reason}`;
  return new OptionError("INVALID_OPTION", "config", message);
}
