import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import type { SandboxMode, SharedOptions, ThreadOptions } from "../options/options.js";
import type { AppServerDraft } from "../options/option-wires.js";
import { toTurnDraft } from "./thread-params.js";

/**
 * The settings that codex keeps for later turns when a turn sets them. `undefined`: not known, so not sent before
 * somebody sets it.
 */
export interface StickySettings {
  readonly model: string;
  readonly cwd: string;
  readonly effort: string | null;
  readonly summary: string | null;
  readonly serviceTier: string | null;
  readonly approvalPolicy: JsonValue;
  readonly sandboxPolicy: JsonValue;
}

/** What the app-server says is in force, in its answer to `thread/start` and `thread/resume`. */
export interface EffectiveSettings {
  readonly model: string;
  readonly cwd: string;
  readonly reasoningEffort: string | null;
  readonly serviceTier: string | null;
  readonly approvalPolicy: JsonValue;
  readonly sandbox: JsonValue;
}

export function toStickySettings(effective: EffectiveSettings, summary: string | null): StickySettings {
  const { model, cwd, reasoningEffort, serviceTier, approvalPolicy, sandbox } = effective;
  return { model, cwd, effort: reasoningEffort, summary, serviceTier, approvalPolicy, sandboxPolicy: sandbox };
}

/**
 * What the options of a handle are laid over. A thread that was loaded already has in force what the last turn of another
 * handle has set, which is nothing to start from; of its sandbox nothing is taken over at all, so that no handle gets
 * what another was allowed.
 */
export function toBaseline(baseline: StickySettings | null, inForce: StickySettings): StickySettings {
  return baseline === null ? inForce : { ...baseline, sandboxPolicy: {} };
}

/** The settings that a thread's options ask for, where they ask, over others. */
export function withThreadOptions(base: StickySettings, options: ThreadOptions): StickySettings {
  return { ...withOptions(base, options), serviceTier: options.serviceTier ?? base.serviceTier };
}

/** The settings that a turn's options ask for, over others. Its service tier is none: it has a field that does not stick. */
export function withOptions(base: StickySettings, options: SharedOptions): StickySettings {
  const { params, sandbox } = toTurnDraft(sharedOf(options));
  return {
    ...base,
    model: textOr(params["model"], base.model),
    cwd: textOr(params["cwd"], base.cwd),
    effort: textOr(params["effort"], base.effort),
    summary: textOr(params["summary"], base.summary),
    approvalPolicy: params["approvalPolicy"] ?? base.approvalPolicy,
    sandboxPolicy: toSandboxPolicy(sandbox, base.sandboxPolicy),
  };
}

/**
 * The params that bring the server from the settings it has to the ones wanted. An effort cannot be unset by its own
 * field, where null means "as it is": the collaboration mode can.
 */
export function settingsDifference(has: StickySettings, wants: StickySettings): JsonObject {
  const changed: Record<string, JsonValue> = {};
  for (const key of stickyKeys) {
    if (JSON.stringify(has[key]) !== JSON.stringify(wants[key]) && wants[key] !== null) changed[key] = wants[key];
  }
  if (has.summary !== null && wants.summary === null) changed["summary"] = "none";
  if (has.effort === null || wants.effort !== null) return changed;
  const settings = { model: wants.model, reasoning_effort: null, developer_instructions: "" };
  return { ...changed, collaborationMode: { mode: "default", settings } };
}

const stickyKeys = ["model", "cwd", "effort", "summary", "serviceTier", "approvalPolicy", "sandboxPolicy"] as const;

function sharedOf(options: SharedOptions): SharedOptions {
  const { model, modelReasoningEffort, modelReasoningSummary, sandboxMode, networkAccessEnabled } = options;
  const { additionalDirectories, approvalPolicy, workingDirectory } = options;
  const shared: SharedOptions = {
    model,
    modelReasoningEffort,
    modelReasoningSummary,
    sandboxMode,
    networkAccessEnabled,
    additionalDirectories,
    approvalPolicy,
    workingDirectory,
  };
  return Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined));
}

const policyTypes = {
  "read-only": "readOnly",
  "workspace-write": "workspaceWrite",
  "danger-full-access": "dangerFullAccess",
} as const satisfies Record<SandboxMode, string>;

/** The whole policy object, which is what the wire wants; what the options leave open stays as it is in force. */
function toSandboxPolicy(sandbox: AppServerDraft["sandbox"], inForce: JsonValue): JsonValue {
  const { mode, network, roots } = sandbox;
  if (mode === undefined && network === undefined && roots === undefined) return inForce;
  const current = isJsonObject(inForce) ? inForce : {};
  const type = mode === undefined ? current["type"] : policyTypes[mode];
  const kept = type === current["type"] ? current : {};
  switch (type) {
    case "dangerFullAccess":
      return { type };
    case "workspaceWrite":
      return {
        type,
        writableRoots: roots ?? kept["writableRoots"] ?? [],
        networkAccess: network ?? kept["networkAccess"] ?? false,
        excludeTmpdirEnvVar: kept["excludeTmpdirEnvVar"] ?? false,
        excludeSlashTmp: kept["excludeSlashTmp"] ?? false,
      };
    default:
      return { type: "readOnly", networkAccess: false };
  }
}

function textOr<T extends string | null>(value: JsonValue | undefined, otherwise: T): string | T {
  return typeof value === "string" ? value : otherwise;
}
