import { OptionError } from "../errors/option-error.js";
import { isJsonObject, type JsonObject } from "../internal/json.js";
import { createRedactor } from "../process/redact.js";
import type { TokenUsage } from "../protocol/index.js";
import type { CodexConfigObject, CodexConfigValue, ThreadOptions } from "../transport/transport.js";

/**
 * A thread as plain data, for `codex.resumeThread(state)` in another process. It holds no secret: configuration that
 * may be one is left out, and handlers come from the caller again.
 */
export interface ThreadState {
  readonly version: 1;
  readonly threadId: string;
  readonly transport: string;
  readonly options: ThreadOptions;
  /** Tokens the whole thread had used, or null where that is not known. */
  readonly usage: TokenUsage | null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Codex takes any other text for a name, and would silently start a new thread. */
export function checkThreadId(id: unknown): string {
  if (typeof id === "string" && uuid.test(id)) return id.toLowerCase();
  const given = typeof id === "string" ? `"${id.slice(0, 80)}"` : `a ${typeof id}`;
  throw new OptionError(
    "INVALID_THREAD_ID",
    "threadId",
    `A thread id is a UUID such as 01a2b3c4-0000-7000-8000-000000000000, not ${given}.`,
  );
}

function isThreadState(value: unknown): value is ThreadState {
  if (!isJsonObject(value) || value["version"] !== 1 || typeof value["threadId"] !== "string") return false;
  return typeof value["transport"] === "string" && isJsonObject(value["options"]) && isUsage(value["usage"]);
}

/** Throws an `OptionError` (`INVALID_STATE`) for anything `toJSON()` has not written. */
export function checkThreadState(value: unknown): ThreadState {
  if (isThreadState(value)) return { ...value, threadId: checkThreadId(value.threadId) };
  const version = isJsonObject(value) ? value["version"] : undefined;
  const message =
    typeof version === "number" && version > 1
      ? `This thread state has version ${version}; this codexkit reads version 1. Update codexkit.`
      : "This is not a thread state: pass a thread id, or what `thread.toJSON()` gave.";
  throw new OptionError("INVALID_STATE", "state", message);
}

/** The options as they may be stored: no secret, and nothing that JSON cannot hold. */
export function toStoredOptions({ config, ...options }: ThreadOptions): ThreadOptions {
  const kept = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return config === undefined ? kept : { ...kept, config: withoutSecrets(config) };
}

/** Names of what holds a secret, or may: also tables of headers, of variables and of query parameters. */
const secretName = /token|secret|password|passwd|credential|authorization|api_?key|headers$|query_params$|^(env|set)$/i;

/** Names that only look so: a variable that holds the secret, or a limit. Numbers and switches are kept anyway. */
const harmlessName = /_env_var$|^env_key$|^env_http_headers$|^env_vars$/i;

const redact = createRedactor();

function withoutSecrets(config: CodexConfigObject): CodexConfigObject {
  const kept: [string, CodexConfigValue][] = [];
  for (const [path, value] of Object.entries(config)) {
    if (value === undefined) continue;
    if (isHarmless(path, value)) kept.push([path, value]);
    else if (!mayBeSecret(path, value)) kept.push([path, withoutInner(value)]);
  }
  return Object.fromEntries(kept);
}

/** By its name, or by a text that looks like a credential, in a URL or by itself. */
function mayBeSecret(path: string, value: CodexConfigValue): boolean {
  return path.split(".").some((name) => secretName.test(name)) || (isList(value) ? value : [value]).some(isSecretText);
}

function isHarmless(path: string, value: CodexConfigValue): boolean {
  return typeof value === "number" || typeof value === "boolean" || harmlessName.test(path.split(".").at(-1) ?? "");
}

function isSecretText(value: CodexConfigValue): boolean {
  return typeof value === "string" && redact(value) !== value;
}

function withoutInner(value: CodexConfigValue): CodexConfigValue {
  if (isList(value)) return value.map(withoutInner);
  return typeof value === "object" ? withoutSecrets(value) : value;
}

function isList(value: CodexConfigValue): value is readonly CodexConfigValue[] {
  return Array.isArray(value);
}

function isUsage(value: unknown): boolean {
  if (value === null) return true;
  return isJsonObject(value) && usageKeys.every((key) => typeof value[key] === "number");
}

const usageKeys = [
  "inputTokens",
  "cachedInputTokens",
  "cacheWriteInputTokens",
  "outputTokens",
  "reasoningOutputTokens",
] satisfies (keyof JsonObject)[];
