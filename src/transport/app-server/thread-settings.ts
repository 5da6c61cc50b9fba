import { type JsonObject, type JsonValue, parseJson } from "../../internal/json.js";
import { withoutUndefined } from "../../internal/without-undefined.js";
import type { ClientMethods } from "../../protocol/index.js";
import { flattenConfig } from "../config/flatten-config.js";
import { protectedProfile } from "../config/permission-profile.js";
import type { SharedOptions, ThreadOptions, TransportOptions } from "../options/options.js";
import type { ThreadSpec } from "../transport.js";
import { toTurnDraft } from "./thread-params.js";
import {
  allowsMore,
  settingsDifference,
  type StickySettings,
  toBaseline,
  toStickySettings,
  withOptions,
  withThreadOptions,
} from "./turn-settings.js";
import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import { threadOptionsTable } from "../options/options-table.js";
import type { AppServerConnection } from "./app-server-connection.js";
import type { LoadedThread } from "./thread-lease.js";

export interface TurnSettings {
  readonly params: JsonObject;
  /** Whether a sub-agent that starts has permissions of an earlier turn that allow its commands more than this turn. */
  readonly exceeds: (agentThreadId: string) => boolean;
  readonly commit: () => void;
}

type Answer = Pick<
  ClientMethods["thread/resume"]["result"],
  "model" | "cwd" | "reasoningEffort" | "serviceTier" | "approvalPolicy" | "sandbox"
>;

/** The settings that one handle of a thread needs for its turns, compared with those in force in the process. */
export class ThreadSettings {
  readonly #client: TransportOptions;
  #options: ThreadOptions;
  #asks: boolean;
  #wanted: StickySettings | null = null;

  constructor(client: TransportOptions, { options, asks = false }: Pick<ThreadSpec, "options" | "asks">) {
    this.#client = client;
    this.#options = options;
    this.#asks = asks;
  }

  /** Whether the handle has an approval handler. */
  get asks(): boolean {
    return this.#asks;
  }

  update(options: ThreadOptions, { asks = this.#asks }: Pick<ThreadSpec, "asks"> = {}): void {
    this.#options = options;
    this.#asks = asks;
    if (this.#wanted !== null) this.#wanted = withThreadOptions(this.#wanted, options);
  }

  /**
   * The params that switch off codex's own reviewer if this handle has an approval handler. They are sent with each turn,
   * because another handle may have loaded the thread, and because an update can add a handler.
   */
  get reviewer(): JsonObject {
    return this.#asks ? { approvalsReviewer: "user" } : {};
  }

  /** Records the answer to a load. Returns the settings in force; `baseline` is what was in force before any turn. */
  recordLoaded(answer: Answer, baseline: StickySettings | null): StickySettings {
    const { model, cwd, reasoningEffort, serviceTier } = answer;
    const policies = { approvalPolicy: asJson(answer.approvalPolicy), sandbox: asJson(answer.sandbox) };
    const inForce = toStickySettings({ model, cwd, reasoningEffort, serviceTier, ...policies }, this.#ownSummary());
    const defaults: ThreadOptions = { sandboxMode: "read-only", approvalPolicy: "never" };
    this.#wanted = withThreadOptions(toBaseline(baseline, inForce), { ...defaults, ...this.#options });
    return inForce;
  }

  /** The params of `turn/start` that the settings need. Call `commit()` once codex has accepted them. */
  async toTurn(
    overrides: SharedOptions,
    { connection, threadId }: LoadedThread,
    signal: AbortSignal,
  ): Promise<TurnSettings> {
    const { params } = toTurnDraft(overrides);
    const tier = params["serviceTierForTurn"];
    const forThisTurn: JsonObject = { ...this.reviewer, ...(tier === undefined ? {} : { serviceTierForTurn: tier }) };
    if (this.#wanted === null) return { params: forThisTurn, exceeds: () => false, commit: () => undefined };
    if (overrides.modelReasoningSummary !== undefined) await this.#readSummary(connection, signal);
    const hasOverrides = Object.keys(overrides).length > 0;
    const target = hasOverrides
      ? withOptions(this.#wanted, { ...this.#ownSandbox(overrides), ...overrides })
      : this.#wanted;
    const inForce = connection.threads.inForce(threadId);
    const difference = inForce === null || inForce === target ? {} : settingsDifference(inForce, target);
    if (this.#isProtected)
      return this.#toProtectedTurn({ ...difference, ...forThisTurn }, target, { connection, threadId });
    return {
      params: { ...difference, ...forThisTurn },
      exceeds: (agent) => allowsMore(connection.threads.permissionsOfAgent(agent, target, threadId), target),
      commit: () => connection.threads.setInForce(threadId, target),
    };
  }

  /** Whether the thread has a permission profile in place of a sandbox policy. */
  get #isProtected(): boolean {
    return (this.#options.protectedPaths ?? []).length > 0;
  }

  /** Selects the profile again, because the turn of another handle may have set a sandbox policy, and records it as in force. */
  #toProtectedTurn(
    { sandboxPolicy: _, ...params }: JsonObject,
    target: StickySettings,
    { connection, threadId }: LoadedThread,
  ): TurnSettings {
    const inForce = { ...target, sandboxPolicy: { type: protectedProfile } };
    return {
      params: { ...params, permissions: protectedProfile },
      exceeds: (agent) => allowsMore(connection.threads.permissionsOfAgent(agent, inForce, threadId), inForce),
      commit: () => connection.threads.setInForce(threadId, inForce),
    };
  }

  /** Reads the reasoning summary from the configuration, once: no answer of the server reports it. */
  async #readSummary(connection: AppServerConnection, signal: AbortSignal): Promise<void> {
    if (this.#wanted === null || this.#wanted.summary !== null) return;
    const { config } = await connection.call("config/read", { cwd: this.#wanted.cwd }, { signal });
    this.#wanted = { ...this.#wanted, summary: config.model_reasoning_summary ?? "none" };
  }

  /** A turn's own sandbox keeps the thread's network access and directories; the rest belongs to the replaced sandbox. */
  #ownSandbox({ sandboxMode }: SharedOptions): SharedOptions {
    if (sandboxMode === undefined) return {};
    const { networkAccessEnabled, additionalDirectories } = this.#options;
    return withoutUndefined({ networkAccessEnabled, additionalDirectories });
  }

  #ownSummary(): string | null {
    const { modelReasoningSummary, config = {} } = this.#options;
    const configured = flattenConfig({ ...this.#client.config, ...config })["model_reasoning_summary"];
    return modelReasoningSummary ?? (typeof configured === "string" ? configured : null);
  }
}

function asJson(value: unknown): JsonValue {
  return parseJson(JSON.stringify(value)) ?? null;
}

/** Throws for options that a loaded thread cannot change: codex reads them once, when the thread is started or resumed. */
export function refuseFixed(before: ThreadOptions, after: ThreadOptions): void {
  for (const [name, row] of Object.entries(threadOptionsTable)) {
    if (row.appServerTurn !== "not offered" || row.appServerThread === "local") continue;
    if (JSON.stringify(valueOf(before, name)) === JSON.stringify(valueOf(after, name))) continue;
    const advice = "codex reads it when a thread is started or resumed: resume the thread with it.";
    throw new UnsupportedFeatureError(`Updating \`${name}\` of a running thread`, "app-server", advice);
  }
}

function valueOf(options: ThreadOptions, name: string): unknown {
  return Object.entries(options).find(([key]) => key === name)?.[1];
}
