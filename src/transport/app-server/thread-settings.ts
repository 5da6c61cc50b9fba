import { type JsonObject, type JsonValue, parseJson } from "../../internal/json.js";
import { withoutUndefined } from "../../internal/without-undefined.js";
import type { ClientMethods } from "../../protocol/index.js";
import { flattenConfig } from "../config/flatten-config.js";
import type { SharedOptions, ThreadOptions, TransportOptions } from "../options/options.js";
import type { ThreadSpec } from "../transport.js";
import { toTurnDraft } from "./thread-params.js";
import {
  settingsDifference,
  type StickySettings,
  toBaseline,
  toStickySettings,
  withOptions,
  withThreadOptions,
} from "./turn-settings.js";
import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import { threadOptionsTable } from "../options/options-table.js";
import type { LoadedThread } from "./thread-lease.js";

export interface TurnSettings {
  readonly params: JsonObject;
  readonly commit: () => void;
}

type Answer = Pick<
  ClientMethods["thread/resume"]["result"],
  "model" | "cwd" | "reasoningEffort" | "serviceTier" | "approvalPolicy" | "sandbox"
>;

/** What one handle of a thread wants in force, beside what its process has. */
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

  update(options: ThreadOptions, { asks = this.#asks }: Pick<ThreadSpec, "asks"> = {}): void {
    this.#options = options;
    this.#asks = asks;
    if (this.#wanted !== null) this.#wanted = withThreadOptions(this.#wanted, options);
  }

  /**
   * The params by which codex leaves nothing to a reviewer of its own where this handle has somebody to ask. They go out with
   * each turn: another handle may have loaded the thread, and an update brought whom to ask.
   */
  get reviewer(): JsonObject {
    return this.#asks ? { approvalsReviewer: "user" } : {};
  }

  /** The process has loaded the thread. Gives what it has in force now; `baseline` is what it had before any turn. */
  loaded(answer: Answer, baseline: StickySettings | null): StickySettings {
    const { model, cwd, reasoningEffort, serviceTier } = answer;
    const policies = { approvalPolicy: asJson(answer.approvalPolicy), sandbox: asJson(answer.sandbox) };
    const inForce = toStickySettings({ model, cwd, reasoningEffort, serviceTier, ...policies }, this.#ownSummary());
    const defaults: ThreadOptions = { sandboxMode: "read-only", approvalPolicy: "never" };
    this.#wanted = withThreadOptions(toBaseline(baseline, inForce), { ...defaults, ...this.#options });
    return inForce;
  }

  /** The params of `turn/start` that settings need, and what to call once the server has taken them. */
  async toTurn(overrides: SharedOptions, loaded: LoadedThread | null, signal: AbortSignal): Promise<TurnSettings> {
    const { params } = toTurnDraft(overrides);
    const tier = params["serviceTierForTurn"];
    const forThisTurn: JsonObject = { ...this.reviewer, ...(tier === undefined ? {} : { serviceTierForTurn: tier }) };
    if (this.#wanted === null || loaded === null) return { params: forThisTurn, commit: () => undefined };
    const { connection, threadId } = loaded;
    if (overrides.modelReasoningSummary !== undefined) await this.#learnSummary(loaded, signal);
    const target = withOptions(this.#wanted, { ...this.#ownSandbox(overrides), ...overrides });
    const inForce = connection.threads.inForce(threadId);
    const difference = inForce === null ? {} : settingsDifference(inForce, target);
    return {
      params: { ...difference, ...forThisTurn },
      commit: () => connection.threads.setInForce(threadId, target),
    };
  }

  /** The answers of the server do not say which summary is in force, so the configuration is asked, once. */
  async #learnSummary({ connection }: LoadedThread, signal: AbortSignal): Promise<void> {
    if (this.#wanted === null || this.#wanted.summary !== null) return;
    const { config } = await connection.call("config/read", { cwd: this.#wanted.cwd }, { signal });
    this.#wanted = { ...this.#wanted, summary: config.model_reasoning_summary ?? "none" };
  }

  /** Another sandbox for a turn keeps what the thread's options say of it; the rest of a policy goes with its sandbox. */
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

/** What a loaded thread cannot take any more: codex reads it once, when the thread is started or resumed. */
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
