import { checkStoredInterruptions, type StoredInterruptions } from "../approvals/interruptions.js";
import { OptionError } from "../errors/option-error.js";
import { isJsonObject, isList, type JsonObject, type JsonValue } from "../internal/json.js";
import type { StoredTools } from "../tools/stored-tools.js";
import { type AutoRunState, checkAutoRunState } from "./auto-run/auto-run-state.js";
import { readUnsavedTurn, type UnsavedTurn } from "./thread-storage.js";
import { createRedactor } from "../internal/secrets/redact.js";
import { isSecretEntry, secretArguments } from "../internal/secrets/secret-values.js";
import type { TokenUsage } from "../protocol/index.js";
import type { CodexConfigObject, CodexConfigValue, ThreadOptions } from "../transport/transport.js";

/**
 * A thread as plain data, for `codex.resumeThread(state)` in another process. It contains no secrets: configuration that
 * may be secret is omitted, and handlers must be passed again.
 */
export interface ThreadState {
  readonly version: 2;
  /** Null if the thread had no turn and was not started: `codex.resumeThread(state)` then creates a new thread. */
  readonly threadId: string | null;
  readonly transport: string;
  readonly options: ThreadOptions;
  /** Tokens that the whole thread has used; null if unknown. */
  readonly usage: TokenUsage | null;
  /** Digests of the host tools that codex stores with the thread; null if unknown. */
  readonly tools: StoredTools | null;
  /** Approval requests without a decision, and decisions for requests that codex has not repeated yet. */
  readonly interruptions: StoredInterruptions;
  /** The progress of a run, for `thread.resumeAuto()`; null without a run. */
  readonly run: AutoRunState | null;
  /** True if no turn of the thread has ended. If codex has lost the thread, it is started anew. */
  readonly unstarted?: boolean;
  /** The last turn, if codex could not save it. If codex has lost it, the resumed thread rejects. */
  readonly unsaved?: UnsavedTurn;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Returns the id in lower case. Throws an `OptionError` (`INVALID_THREAD_ID`) if it is not a UUID: codex would take another
 * text for a name and start a new thread without an error.
 */
export function checkThreadId(id: unknown): string {
  if (typeof id === "string" && uuid.test(id)) return id.toLowerCase();
  const given = typeof id === "string" ? `"${id.slice(0, 80)}"` : `a ${typeof id}`;
  throw new OptionError(
    "INVALID_THREAD_ID",
    "threadId",
    `A thread id is a UUID such as 01a2b3c4-0000-7000-8000-000000000000, not ${given}.`,
  );
}

const currentVersion = 2;

/** The fields that every version has. */
interface AnyThreadState extends Pick<ThreadState, "threadId" | "transport" | "options" | "usage"> {
  readonly version: number;
  readonly tools?: JsonValue;
  readonly interruptions?: JsonValue;
  readonly run?: JsonValue;
  readonly unstarted?: JsonValue;
  readonly unsaved?: JsonValue;
}

function isThreadState(value: unknown): value is AnyThreadState {
  if (!isJsonObject(value) || (typeof value["threadId"] !== "string" && value["threadId"] !== null)) return false;
  if (value["version"] !== 1 && value["version"] !== currentVersion) return false;
  return typeof value["transport"] === "string" && isJsonObject(value["options"]) && isUsage(value["usage"]);
}

/**
 * Converts a state that `toJSON()` of this or an earlier version has written to the current version. Throws an `OptionError`
 * (`INVALID_STATE`) for any other value.
 */
export function checkThreadState(value: unknown): ThreadState {
  if (isThreadState(value)) {
    const { threadId, transport, options, usage, version, tools, interruptions, run = null } = value;
    const known = {
      version: currentVersion,
      threadId: threadId === null ? null : checkThreadId(threadId),
      transport,
      options,
      usage,
    } as const;
    // Version 1 has no tools and no approvals.
    if (version === 1) return { ...known, tools: null, interruptions: { requests: [], decisions: [] }, run: null };
    if (isStoredTools(tools)) {
      const checked = run === null ? null : checkAutoRunState(run);
      const unsaved = readUnsavedTurn(value.unsaved);
      const more = {
        ...(value.unstarted === true ? { unstarted: true } : {}),
        ...(unsaved === null ? {} : { unsaved }),
      };
      const stored = checkStoredInterruptions(interruptions, threadId ?? "");
      return { ...known, tools, interruptions: stored, run: checked, ...more };
    }
  }
  const version = isJsonObject(value) ? value["version"] : undefined;
  const message =
    typeof version === "number" && version > currentVersion
      ? `This thread state has version ${version}; this codexkit reads up to version ${currentVersion}. Update codexkit.`
      : "This is not a thread state: pass a thread id, or the value of `thread.toJSON()`.";
  throw new OptionError("INVALID_STATE", "state", message);
}

/** The options as they may be stored: no secret, and nothing that JSON cannot hold. */
export function toStoredOptions({ config, ...options }: ThreadOptions): ThreadOptions {
  const kept = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return config === undefined ? kept : { ...kept, config: withoutSecrets(config) };
}

const redact = createRedactor();

function withoutSecrets(config: CodexConfigObject, parents: readonly string[] = []): CodexConfigObject {
  const kept: [string, CodexConfigValue][] = [];
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined || isSecretEntry(parents, key, value) || isSecretText(value)) continue;
    kept.push([key, withoutInner(value, [...parents, ...key.split(".")])]);
  }
  return Object.fromEntries(kept);
}

/** A text with a credential in it, or a list with one: a list without one of its entries would mean something else. */
function isSecretText(value: CodexConfigValue): boolean {
  if (typeof value === "string") return redact(value) !== value;
  return (
    isList(value) && (secretArguments(value).size > 0 || value.some((entry) => !isTable(entry) && isSecretText(entry)))
  );
}

function withoutInner(value: CodexConfigValue, path: readonly string[]): CodexConfigValue {
  if (isList(value)) return value.map((entry) => withoutInner(entry, path));
  return isTable(value) ? withoutSecrets(value, path) : value;
}

function isTable(value: CodexConfigValue): value is CodexConfigObject {
  return typeof value === "object" && !isList(value);
}

function isStoredTools(value: JsonValue | undefined): value is StoredTools | null {
  if (value === null) return true;
  return isJsonObject(value) && Object.values(value).every((digest) => typeof digest === "string");
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
